import * as vscode from 'vscode';
import { netDefinitions, type NetDefinition } from '../caffe/netDefinitions';
import { SourceText } from '../prototxt/source';
import type { RunController } from '../runs/runController';
import type { RunRecord } from '../runs/runRecord';
import { summarizeRun } from '../runs/view/runSummary';
import { commandIds } from './commandIds';
import { readSettings } from './settings';

/** *Quantize* above every net definition, with the last result beside it. */
export class NetCodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly runs: RunController) {
    let shown = '';
    // Rows come by the dozen, but only the start and the end of a run show here.
    const onChange = ({ id, status }: RunRecord): void => {
      if (`${id} ${status}` === shown) return;
      shown = `${id} ${status}`;
      this.changed.fire();
    };
    const onRemoved = (): void => this.changed.fire();
    runs.events.on('change', onChange).on('removed', onRemoved);
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      new vscode.Disposable(() => runs.events.off('change', onChange).off('removed', onRemoved)),
      vscode.languages.registerCodeLensProvider({ language: 'prototxt', scheme: 'file' }, this),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('ristretto.codeLens')) this.changed.fire();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed.fire()),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!vscode.workspace.isTrusted || !readSettings(document.uri).codeLens) return [];
    return netDefinitions(new SourceText(document.fileName, document.getText())).flatMap((net) =>
      this.lensesOf(net, document),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private lensesOf(net: NetDefinition, document: vscode.TextDocument): vscode.CodeLens[] {
    if (!net.quantizable && !net.quantized) return [];
    const start = document.positionAt(net.anchor);
    const range = new vscode.Range(start, start);
    const lens = (
      title: string,
      command: string,
      tooltip: string,
      args: readonly unknown[] = [document.uri, { netIndex: net.index }],
    ): vscode.CodeLens =>
      new vscode.CodeLens(range, { title, command, tooltip, arguments: [...args] });
    if (!net.quantizable) {
      return [lens('Score', commandIds.score, 'Score this quantized net on its TEST data')];
    }
    const key = { model: document.uri.fsPath, netIndex: net.index };
    const current = this.runs.workingOn(key);
    const result = this.runs.latestResult(key);
    const summary = result === undefined ? undefined : summarizeRun(result, Date.now());
    const lenses = [
      lens('Quantize', commandIds.quantize, 'Find the fewest bits this net can live with'),
    ];
    if (current !== undefined) {
      const title = current.status === 'queued' ? '$(clock) waiting' : '$(sync~spin) running';
      lenses.push(lens(title, commandIds.showRun, 'Show the results so far', [current.id]));
    }
    // What was found before stays at hand, whatever happens to the runs after it.
    if (result !== undefined && summary !== undefined) {
      lenses.push(lens(summary, commandIds.showRun, 'Show the last results', [result.id]));
    }
    return lenses;
  }
}
