import path from 'node:path';
import * as vscode from 'vscode';
import { netDefinitions, type NetDefinition } from '../caffe/netDefinitions';
import { SourceText } from '../prototxt/source';
import { UserError } from '../base/userError';
import type { NetKey } from '../runs/runRecord';
import { solverNets } from '../runs/solverNets';
import { netOfSolver } from './solverTarget';

/** The net a command is about. */
export interface NetTarget extends NetKey {
  readonly uri: vscode.Uri;
  readonly definition: NetDefinition;
  /** The net's name, or its file's. */
  readonly netName: string;
}

/**
 * Finds the net a command is about: the file it was called on, else the active editor's, else one
 * that the user picks; called on a solver, the net that it trains. Unsaved changes are saved first: the
 * engine reads the file.
 *
 * @param netIndex which net of the file; asked for where there are several and none is given
 * @returns undefined when the user backs out
 * @throws UserError for a file that is none of a local disk, or that defines no net
 */
export async function resolveTarget(
  uri: vscode.Uri | undefined,
  netIndex: number | undefined,
): Promise<NetTarget | undefined> {
  const chosen = uri ?? activePrototxt() ?? (await pickPrototxt());
  if (chosen === undefined) return undefined;
  if (chosen.scheme !== 'file') {
    throw new UserError(
      'net/not-local',
      `${chosen.toString(true)} is not a file on this machine: save it to disk first`,
    );
  }
  const document = await vscode.workspace.openTextDocument(chosen);
  if (document.isDirty && !(await document.save())) return undefined;
  const nets = netDefinitions(new SourceText(chosen.fsPath, document.getText()));
  if (nets.length === 0) {
    const named = solverNets(new SourceText(chosen.fsPath, document.getText()));
    if (named === undefined) throw noNet(chosen);
    const net = await netOfSolver(chosen, named);
    return net === undefined ? undefined : resolveTarget(net, netIndex);
  }
  const definition = await pickNet(nets, netIndex);
  if (definition === undefined) return undefined;
  const { index } = definition;
  const netName = definition.name === '' ? path.parse(chosen.fsPath).name : definition.name;
  return { uri: chosen, model: chosen.fsPath, netIndex: index, definition, netName };
}

function activePrototxt(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === 'prototxt' ? document.uri : undefined;
}

async function pickPrototxt(): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles('**/*.prototxt', '**/node_modules/**', 500);
  const browse = { label: '$(folder-opened) Browse…', uri: undefined };
  const picked = await vscode.window.showQuickPick(
    [
      ...found
        .map((uri) => ({
          label: path.basename(uri.fsPath),
          description: vscode.workspace.asRelativePath(path.dirname(uri.fsPath)),
          uri,
        }))
        .sort((a, b) => a.label.localeCompare(b.label)),
      browse,
    ],
    { title: 'Ristretto', placeHolder: 'Which net?', matchOnDescription: true },
  );
  if (picked === undefined) return undefined;
  if (picked.uri !== undefined) return picked.uri;
  const [file] =
    (await vscode.window.showOpenDialog({
      title: 'Net definition',
      filters: { 'Net definition': ['prototxt', 'pt', 'pbtxt', 'txt'] },
    })) ?? [];
  return file;
}

async function pickNet(
  nets: readonly NetDefinition[],
  netIndex: number | undefined,
): Promise<NetDefinition | undefined> {
  if (netIndex !== undefined) return nets[netIndex];
  if (nets.length === 1) return nets[0];
  const picked = await vscode.window.showQuickPick(
    nets.map((net) => ({
      label: net.name === '' ? `net ${net.index + 1}` : net.name,
      description: `${net.layers} layers`,
      net,
    })),
    { title: 'Ristretto', placeHolder: 'This file defines several nets: which one?' },
  );
  return picked?.net;
}

function noNet(uri: vscode.Uri): UserError {
  return new UserError(
    'net/no-layers',
    'there is no layer in this file: open a net definition (train_val or deploy prototxt)',
    { file: uri.fsPath },
  );
}
