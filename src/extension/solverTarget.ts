import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { placesOf } from '../data/findSource';
import { UserError } from '../base/userError';
import type { SolverNet } from '../runs/solverNets';
import { readSettings } from './settings';
import { workFolder } from './workFolder';

/**
 * The file of the net that a solver trains: its own, or the one that the user picks of several.
 *
 * @returns undefined when the user backs out
 * @throws UserError where the solver names no file, or one that is not there
 */
export async function netOfSolver(
  solver: vscode.Uri,
  nets: readonly SolverNet[],
): Promise<vscode.Uri | undefined> {
  const [first] = nets;
  if (first === undefined) {
    throw new UserError(
      'net/no-layers',
      'this is a solver that names no file of its net (net, train_net or test_net): open a net definition',
      { file: solver.fsPath },
    );
  }
  const net = nets.length === 1 ? first : await pickNet(nets);
  if (net === undefined) return undefined;
  const places = placesOf(net.path, {
    // Caffe reads it from the folder it is run in.
    cwd: workFolder(solver),
    prototxtPath: solver.fsPath,
    caffeRoot: readSettings(solver).options.caffeRoot,
  });
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return vscode.Uri.file(found);
  throw new UserError(
    'source/missing',
    `this solver's ${net.field} "${net.path}" is not found, tried ${places.join(', ')}: open the folder ` +
      'it is relative to, or name that folder in the setting ristretto.caffeRoot',
    { file: solver.fsPath },
  );
}

async function pickNet(nets: readonly SolverNet[]): Promise<SolverNet | undefined> {
  const picked = await vscode.window.showQuickPick(
    nets.map((net) => ({ label: path.basename(net.path), description: net.field, net })),
    { title: 'Ristretto', placeHolder: 'This solver names several nets: which one?' },
  );
  return picked?.net;
}
