import * as vscode from 'vscode';
import { formatDay } from '../runs/view/formatting';
import { lastResult } from '../runs/lastResult';
import { isSameNet, type RunRecord } from '../runs/runRecord';
import { describeOutcome } from '../runs/view/runSummary';
import type { Services } from './services';

/**
 * *Show Last Results* of a file, of the active editor, or of a net that the user picks: the last result of
 * a net, whatever was cancelled or failed after it; where it has none, its latest run.
 */
export async function showResults(
  { runs, panels }: Services,
  uri: vscode.Uri | undefined,
  { netIndex }: { readonly netIndex?: number } = {},
): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const file = uri ?? (document?.languageId === 'prototxt' ? document.uri : undefined);
  const nets = byNet(runs.all());
  const own = nets.filter(
    ([{ request }]) =>
      request.model === file?.fsPath && (netIndex === undefined || request.netIndex === netIndex),
  );
  const candidates = (own.length > 0 ? own : nets).map((of) => lastResult(of) ?? of[0]);
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

type SomeRuns = readonly [RunRecord, ...RunRecord[]];

/** The runs of each net, the latest first; the net of the latest run comes first. */
function byNet(records: readonly RunRecord[]): readonly SomeRuns[] {
  const nets: [RunRecord, ...RunRecord[]][] = [];
  for (const record of records) {
    const net = nets.find(([{ request }]) => isSameNet(request, record.request));
    if (net === undefined) nets.push([record]);
    else net.push(record);
  }
  return nets;
}

async function pickRun(records: readonly RunRecord[]): Promise<RunRecord | undefined> {
  const now = Date.now();
  const picked = await vscode.window.showQuickPick(
    records.map((record) => ({
      label: record.request.netName,
      description: `${describeOutcome(record)}, ${formatDay(record.startedAt, now)}`,
      detail: vscode.workspace.asRelativePath(record.request.model),
      record,
    })),
    { title: 'Ristretto', placeHolder: 'Which results?' },
  );
  return picked?.record;
}
