import path from 'node:path';
import * as vscode from 'vscode';
import { textReport } from '../quantize/original/textReport';
import { UserError } from '../base/userError';
import { findLayer } from '../runs/findLayer';
import type { FromPage, PageAction } from '../runs/panelMessages';
import type { RunRecord, RunRequest } from '../runs/runRecord';
import { trialRequest } from '../runs/trialRequest';
import { exportOnnxFile } from './convertCommand';
import { exportCsv, exportJson, reportOf } from './exportReport';
import { showFailure } from './failures';
import { quantizeAgain, quantizeNetwork } from './quantizeCommand';
import { openRunDiff } from './runDocuments';
import { compareTwoRuns, showRuns } from './runCommands';
import { applyRemedy } from './remedies';
import { savePrototxt, selectedFile } from './savePrototxt';
import { startRun } from './startRun';
import type { Services } from './services';
import { tellCopied } from './writtenFiles';

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
  if (await applyRemedy(services, record, action)) return;
  switch (action) {
    case 'quantizeAgain':
      await quantizeAgain(services, uri, { netIndex });
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
      services.milestones.reach('tookFile');
      break;
    case 'copyReport':
      await vscode.env.clipboard.writeText(textReport(reportOf(record)));
      tellCopied('report', textReport(reportOf(record)));
      break;
    case 'exportJson':
      await exportJson(record);
      break;
    case 'exportCsv':
      await exportCsv(record, selected);
      break;
    case 'exportLayersCsv':
      await exportCsv(record, selected, 'layers');
      break;
    case 'exportOnnx': {
      const written = await exportOnnxFile(services, {
        model: await selectedFile(services.store, record, selected),
        modelFolder: path.dirname(request.model),
        weights: request.weights,
        proposal: replaceExtension(request.output, '.onnx'),
        name: record.plan?.net ?? request.netName,
        cwd: request.cwd,
        caffeRoot: request.caffeRoot,
      });
      if (written !== undefined) services.milestones.reach('tookFile');
      break;
    }
    case 'openNet':
      await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One });
      break;
    case 'showRuns':
      await showRuns(services, request);
      break;
    case 'compareRun':
      await compareTwoRuns(services, record.id, undefined);
      break;
  }
}

/** Searches layer by layer what the original's search left outside of the margin. */
async function searchBest(services: Services, request: RunRequest): Promise<void> {
  const record = await startRun(services, { ...request, search: 'best' });
  if (record !== undefined) await services.answers.remember(request, { search: 'best' });
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

function replaceExtension(file: string, extension: string): string {
  const { dir, name } = path.parse(file);
  return path.join(dir, name + extension);
}
