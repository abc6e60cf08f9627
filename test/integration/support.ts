import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { RistrettoApi } from '../../src/extension/main';
import type { RunRecord } from '../../src/runs/runRecord';

/** The extension's own interface, activated. */
export async function activateRistretto(): Promise<RistrettoApi> {
  const extension = vscode.extensions.getExtension<RistrettoApi>('ristretto.ristretto-vscode');
  if (extension === undefined) throw new Error('the extension is not installed');
  return extension.activate();
}

/** The folder that is open. */
export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (folder === undefined) throw new Error('no folder is open');
  return folder;
}

export function fileUri(...segments: string[]): vscode.Uri {
  return vscode.Uri.file(path.join(workspaceFolder(), ...segments));
}

/** The bundled example in the open folder. */
export const exampleName = 'lenet_train_test.prototxt';

/** Writes a text file into the open folder. */
export async function writeFile(name: string, text: string): Promise<vscode.Uri> {
  const uri = fileUri(name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return uri;
}

export function readText(uri: vscode.Uri): string {
  return readFileSync(uri.fsPath, 'utf8');
}

/** Resolves when a run fulfils a condition; rejects when it ends without that. */
export function whenRun(
  { runs }: RistrettoApi,
  record: RunRecord,
  condition: (record: RunRecord) => boolean,
): Promise<RunRecord> {
  return new Promise((resolve, reject) => {
    const check = (changed: RunRecord): void => {
      if (changed.id !== record.id) return;
      const isEnded = !['queued', 'starting', 'running'].includes(changed.status);
      if (!condition(changed) && !isEnded) return;
      runs.events.off('change', check);
      if (condition(changed)) resolve(changed);
      else reject(new Error(`the run ended as ${changed.status}: ${changed.failure?.message}`));
    };
    runs.events.on('change', check);
    check(record);
  });
}

export function isEnded({ status }: RunRecord): boolean {
  return status !== 'queued' && status !== 'starting' && status !== 'running';
}

/** Starts a quantization through the command, without questions. */
export async function quantize(
  uri: vscode.Uri,
  options: Readonly<Record<string, unknown>> = {},
): Promise<RunRecord> {
  const record = await vscode.commands.executeCommand<RunRecord | undefined>(
    'ristretto.quantize',
    uri,
    { ask: false, search: 'original', provider: { kind: 'cpu' }, ...options },
  );
  if (record === undefined) throw new Error('the command started no run');
  return record;
}
