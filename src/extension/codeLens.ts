import * as vscode from 'vscode';
import { netDefinitions, type NetDefinition } from '../caffe/netDefinitions';
import { SourceText } from '../prototxt/source';
import type { RunController } from '../runs/runController';
import { isUnfinished, type RunRecord } from '../runs/runRecord';
import { summarizeRun } from '../runs/runSummary';
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
    runs.events.on('change', onChange);
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      new vscode.Disposable(() => runs.events.off('change', onChange)),
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
    const lens = (title: string, command: string, tooltip: string): vscode.CodeLens =>
      new vscode.CodeLens(range, {
        title,
        command,
        tooltip,
        arguments: [document.uri, { netIndex: net.index }],
      });
    if (!net.quantizable) {
      return [lens('Score', commandIds.score, 'Score this quantized net on its TEST data')];
    }
    const key = { model: document.uri.fsPath, netIndex: net.index };
    const current = this.runs.latest(key);
    const result = this.runs.latestResult(key);
    const summary = result === undefined ? undefined : summarizeRun(result, Date.now());
    const lenses = [
      lens('Quantize', commandIds.quantize, 'Find the fewest bits this net can live with'),
    ];
    if (current !== undefined && isUnfinished(current)) {
      lenses.push(lens('$(sync~spin) running', commandIds.showResults, 'Show the results so far'));
    } else if (summary !== undefined) {
      lenses.push(lens(summary, commandIds.showResults, 'Show the last results'));
    }
    return lenses;
  }
}
