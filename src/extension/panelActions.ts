import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { writeOutput } from '../engine/outputFile';
import { textReport } from '../quantize/textReport';
import type { QuantizeReport } from '../quantize/report';
import { UserError } from '../prototxt/userError';
import { findLayer } from '../runs/findLayer';
import { pointFile } from '../runs/runDiff';
import { notificationText } from '../runs/notificationText';
import type { FromPage, PageAction } from '../runs/panelMessages';
import { reportCsv, reportJson } from '../runs/reportFiles';
import type { RunRecord, RunRequest } from '../runs/runRecord';
import { trialRequest } from '../runs/trialRequest';
import { exportOnnxFile } from './convertCommand';
import { showFailure } from './failures';
import { quantizeAgain, quantizeNetwork } from './quantizeCommand';
import { openRunDiff } from './runDocuments';
import { startRun } from './startRun';
import type { Services } from './services';

/** Does what a button of the results page asks for; failures are shown, never thrown. */
export function answerPage(
  services: Services,
  record: RunRecord,
  message: FromPage,
  selected: number | undefined,
): void {
  const work = async (): Promise<void> => {
    if (message.type === 'revealLayer') await revealLayer(record, message.layer);
    else if (message.type === 'action') await act(services, record, message.action, selected);
    else if (message.type === 'scoreBits') {
      await startRun(services, trialRequest(record, selected, message.keep));
    } else if (message.type === 'searchKeeping') {
      await startRun(services, { ...record.request, keep: message.keep, base: undefined });
    }
  };
  work().catch((cause: unknown) => void showFailure(cause, services.log));
}

async function act(
  services: Services,
  record: RunRecord,
  action: PageAction,
  selected: number | undefined,
): Promise<void> {
  const { request } = record;
  const uri = vscode.Uri.file(request.model);
  const { netIndex } = request;
  switch (action) {
    case 'quantizeAgain':
      await quantizeAgain(services, uri, { netIndex });
      break;
    case 'tryAgain':
      await startRun(services, request);
      break;
    case 'changeOptions':
      await quantizeNetwork(services, uri, { netIndex });
      break;
    case 'searchBest':
      await searchBest(services, request);
      break;
    case 'cancel':
      await services.runs.cancel(record.id);
      break;
    case 'savePrototxt':
      await savePrototxt(services, record, selected);
      break;
    case 'openDiff':
      await openRunDiff(record, selected);
      break;
    case 'copyReport':
      await vscode.env.clipboard.writeText(textReport(reportOf(record)));
      vscode.window.setStatusBarMessage('$(check) Report copied', 3000);
      break;
    case 'exportJson':
      await exportText(record, 'json', reportJson(reportOf(record)));
      break;
    case 'exportCsv':
      await exportText(record, 'csv', reportCsv(reportOf(record)));
      break;
    case 'exportOnnx':
      await exportOnnxFile(services, {
        model: await selectedFile(services, record, selected),
        modelFolder: path.dirname(request.model),
        weights: request.weights,
        proposal: replaceExtension(request.output, '.onnx'),
        name: record.plan?.net ?? request.netName,
        cwd: request.cwd,
        caffeRoot: request.caffeRoot,
      });
      break;
    case 'openNet':
      await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One });
      break;
    case 'showLog':
      services.log.show(true);
      break;
  }
}

/** Searches layer by layer what the original's search left outside of the margin. */
async function searchBest(services: Services, request: RunRequest): Promise<void> {
  const record = await startRun(services, { ...request, search: 'best' });
  if (record !== undefined) await services.answers.remember(request, { search: 'best' });
}

/**
 * Saves the quantized prototxt where the user said before the run; asks before it replaces a file.
 *
 * @returns the file written, or undefined when the user backs out
 */
export async function savePrototxt(
  { store }: Pick<Services, 'store'>,
  record: RunRecord,
  selected?: number,
): Promise<string | undefined> {
  const { id, request } = record;
  const file = await confirmTarget(request.output);
  if (file === undefined) return undefined;
  const inputs = [request.model, request.weights];
  if (inputs.some((input) => path.resolve(input) === path.resolve(file))) {
    throw new UserError('output/is-input', 'this file went into the run: save under another name', {
      file,
    });
  }
  // Whole or not at all: first beside the target, then renamed.
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${id}.tmp`);
  copyFileSync(await selectedFile({ store }, record, selected), temporary);
  await vscode.workspace.fs.rename(vscode.Uri.file(temporary), vscode.Uri.file(file), {
    overwrite: true,
  });
  const open = 'Open';
  void vscode.window
    .showInformationMessage(notificationText(`Saved ${path.basename(file)}`), open)
    .then((picked) => {
      if (picked === open) void vscode.window.showTextDocument(vscode.Uri.file(file));
    });
  return file;
}

/** The file of the net that the page shows: the delivered one's, or another's, written for this. */
async function selectedFile(
  { store }: Pick<Services, 'store'>,
  record: RunRecord,
  selected: number | undefined,
): Promise<string> {
  const point = pointFile(record, store, selected);
  if (point === undefined) return store.quantizedPath(record.id);
  const file = store.pointPath(record.id, selected ?? 0);
  await writeOutput(file, point.bytes);
  return file;
}

async function confirmTarget(file: string): Promise<string | undefined> {
  if (!existsSync(file)) return file;
  const replace = 'Replace';
  const elsewhere = 'Save As…';
  const picked = await vscode.window.showWarningMessage(
    `${path.basename(file)} exists already. Replace it?`,
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

async function exportText(
  { request }: RunRecord,
  extension: 'json' | 'csv',
  text: string,
): Promise<void> {
  const chosen = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(replaceExtension(request.output, `.${extension}`)),
    filters: extension === 'json' ? { JSON: ['json'] } : { CSV: ['csv'] },
  });
  if (chosen === undefined) return;
  await writeOutput(chosen.fsPath, text);
  vscode.window.setStatusBarMessage(`$(check) Wrote ${path.basename(chosen.fsPath)}`, 3000);
}

async function revealLayer({ request }: RunRecord, layer: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(request.model));
  const range = findLayer(document.getText(), request.netIndex, layer);
  if (range === undefined) {
    throw new UserError('net/no-such-layer', `there is no layer "${layer}" in it any more`, {
      file: request.model,
    });
  }
  const selection = new vscode.Range(
    document.positionAt(range.start),
    document.positionAt(range.end),
  );
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.One,
    selection: new vscode.Range(selection.start, selection.start),
  });
  editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

function reportOf({ report }: RunRecord): QuantizeReport {
  if (report === undefined) throw new Error('this run has no result');
  return report;
}

function replaceExtension(file: string, extension: string): string {
  const { dir, name } = path.parse(file);
  return path.join(dir, name + extension);
}
