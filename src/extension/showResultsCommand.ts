import * as vscode from 'vscode';
import { formatDay } from '../runs/formatting';
import { isSameNet, type RunRecord } from '../runs/runRecord';
import { summarizeRun } from '../runs/runSummary';
import type { Services } from './services';

/** *Show Last Results* of a file, of the active editor, or of a net that the user picks. */
export async function showResults(
  { runs, store, panels }: Services,
  uri: vscode.Uri | undefined,
  { netIndex }: { readonly netIndex?: number } = {},
): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const file = uri ?? (document?.languageId === 'prototxt' ? document.uri : undefined);
  const all = [...(runs.current === undefined ? [] : [runs.current]), ...store.all()];
  const latest = all.filter(
    ({ request }, at) => all.findIndex((run) => isSameNet(run.request, request)) === at,
  );
  const own = latest.filter(
    ({ request }) =>
      request.model === file?.fsPath && (netIndex === undefined || request.netIndex === netIndex),
  );
  const candidates = own.length > 0 ? own : latest;
  const [first] = candidates;
  if (first === undefined) {
    void vscode.window.showInformationMessage(
      'No net has been quantized here yet. Open a net definition and choose Quantize above it.',
    );
    return;
  }
  const picked = candidates.length === 1 ? first : await pickRun(candidates);
  if (picked !== undefined) panels.show(runs.find(picked.id) ?? picked);
}

async function pickRun(records: readonly RunRecord[]): Promise<RunRecord | undefined> {
  const now = Date.now();
  const picked = await vscode.window.showQuickPick(
    records.map((record) => ({
      label: record.request.netName,
      description:
        summarizeRun(record, now) ?? `${record.status}, ${formatDay(record.startedAt, now)}`,
      detail: vscode.workspace.asRelativePath(record.request.model),
      record,
    })),
    { title: 'Ristretto', placeHolder: 'Which results?' },
  );
  return picked?.record;
}
