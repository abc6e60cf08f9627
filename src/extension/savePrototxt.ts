import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { writeOutput } from '../engine/files/outputFile';
import { UserError } from '../base/userError';
import { notificationText } from '../runs/view/notificationText';
import { pointFile } from '../runs/runDiff';
import type { RunRecord } from '../runs/runRecord';
import type { RunStore } from '../runs/runStore';
import type { Services } from './services';
import { holds, tellWritten } from './writtenFiles';

/**
 * Saves the quantized prototxt where the user said before the run; asks before it replaces a file that
 * holds anything else.
 *
 * @param selected index of the net of a best search that is shown, where it is not the usual one
 * @returns the file written, or undefined when the user backs out
 */
export async function savePrototxt(
  { store, milestones }: Pick<Services, 'store' | 'milestones'>,
  record: RunRecord,
  selected?: number,
): Promise<string | undefined> {
  const { request } = record;
  const bytes = quantizedBytes(record, store, selected);
  const file = holds(request.output, bytes) ? request.output : await confirmTarget(request.output);
  if (file === undefined) return undefined;
  const inputs = [request.model, request.weights];
  if (inputs.some((input) => path.resolve(input) === path.resolve(file))) {
    throw new UserError('output/is-input', 'this file went into the run: save under another name', {
      file,
    });
  }
  // Whole or not at all.
  if (!holds(file, bytes)) await writeOutput(file, bytes);
  milestones.reach('tookFile');
  tellWritten(file, 'Saved');
  return file;
}

/** A file of the net that the page shows: the delivered one's, or another's, written for this. */
export async function selectedFile(
  store: RunStore,
  record: RunRecord,
  selected: number | undefined,
): Promise<string> {
  const point = pointFile(record, store, selected);
  if (point === undefined) return store.quantizedPath(record.id);
  const file = store.pointPath(record.id, point.index);
  await writeOutput(file, point.bytes);
  return file;
}

function quantizedBytes(
  record: RunRecord,
  store: RunStore,
  selected: number | undefined,
): Uint8Array {
  return pointFile(record, store, selected)?.bytes ?? readFileSync(store.quantizedPath(record.id));
}

async function confirmTarget(file: string): Promise<string | undefined> {
  if (!existsSync(file)) return file;
  const replace = 'Replace';
  const elsewhere = 'Save As…';
  const picked = await vscode.window.showWarningMessage(
    notificationText(`${path.basename(file)} exists already. Replace it?`),
    { modal: true, detail: file },
    replace,
    elsewhere,
  );
  if (picked === replace) return file;
  if (picked !== elsewhere) return undefined;
  // The dialog itself asks before it names an existing file.
  const chosen = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(file),
    filters: { 'Net definition': ['prototxt'] },
  });
  return chosen?.fsPath;
}
