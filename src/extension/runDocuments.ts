import path from 'node:path';
import * as vscode from 'vscode';
import { runTexts } from '../runs/runDiff';
import type { RunController } from '../runs/runController';
import type { RunRecord } from '../runs/runRecord';
import type { RunStore } from '../runs/runStore';

/**
 * Read-only documents with the texts of a run: `ristretto-run:/name.prototxt?id&before`; the text of
 * another net of a best search has its index in the end.
 */
const scheme = 'ristretto-run';

type Side = 'before' | 'after';

/** Serves the texts of stored runs to VS Code's diff editor. */
export function registerRunDocuments(runs: RunController, store: RunStore): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent(uri): string {
      const [id = '', side, point] = uri.query.split('&');
      const record = runs.find(id);
      const selected = point === undefined ? undefined : Number(point);
      const texts = record === undefined ? undefined : runTexts(record, store, selected);
      if (texts === undefined) throw new Error('this run is not kept any more');
      return side === 'before' ? texts.before : texts.after;
    },
  });
}

/** Opens VS Code's own diff editor on what a run changes. */
export async function openRunDiff(record: RunRecord, selected: number | undefined): Promise<void> {
  const { request } = record;
  const uri = (file: string, side: Side): vscode.Uri =>
    vscode.Uri.from({
      scheme,
      path: `/${path.basename(file)}`,
      query: [record.id, side, ...(selected === undefined ? [] : [selected])].join('&'),
    });
  await vscode.commands.executeCommand(
    'vscode.diff',
    uri(request.model, 'before'),
    uri(request.output, 'after'),
    `${path.basename(request.model)} ↔ ${path.basename(request.output)}`,
  );
}
