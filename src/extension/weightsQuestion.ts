import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { findWeights } from '../runs/findWeights';
import type { NetTarget } from './target';

/**
 * The weights of a net: those of the last time, else those found beside it, else asked for.
 *
 * @returns undefined when the user backs out
 */
export async function chooseWeights(
  { model, netName }: NetTarget,
  remembered: string | undefined,
): Promise<string | undefined> {
  if (remembered !== undefined && existsSync(remembered)) return remembered;
  const [likeliest] = findWeights(model);
  return likeliest ?? (await browseForWeights(model, netName));
}

/** Lets the user choose among the weights found and all files. */
export async function askForWeights(
  { model, netName }: Pick<NetTarget, 'model' | 'netName'>,
  present: string,
): Promise<string | undefined> {
  const found = [...new Set([present, ...findWeights(model)])];
  const picked = await vscode.window.showQuickPick(
    [
      ...found.map((file) => ({
        label: path.basename(file),
        description: file === present ? 'chosen now' : '',
        detail: path.dirname(file),
        file,
      })),
      { label: '$(folder-opened) Browse…', file: undefined },
    ],
    { title: `Weights of ${netName}`, placeHolder: 'Which caffemodel?' },
  );
  if (picked === undefined) return undefined;
  return picked.file ?? (await browseForWeights(model, netName));
}

async function browseForWeights(model: string, netName: string): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: `Weights of ${netName}`,
      openLabel: 'Use These Weights',
      defaultUri: vscode.Uri.file(path.dirname(model)),
      filters: { 'Caffe weights': ['caffemodel'] },
    })) ?? [];
  return file?.fsPath;
}
