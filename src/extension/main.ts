import path from 'node:path';
import * as vscode from 'vscode';
import { registerLanguage } from '../language/vscode/register';
import { RunController } from '../runs/runController';
import { RunStore } from '../runs/runStore';
import { ScoreFiles } from '../runs/scoreFiles';
import { Answers } from './answers';
import { NetCodeLenses } from './codeLens';
import { registerCommands } from './commands';
import { Milestones } from './milestones';
import { answerPage } from './panelActions';
import { ResultsPanels } from './resultsPanels';
import { registerRunDocuments } from './runDocuments';
import { showRunProgress } from './runProgress';
import { RunsView } from './runsView';
import type { Services } from './services';

/** What other extensions and our own tests may use. */
export interface RistrettoApi {
  readonly runs: RunController;
  readonly panels: ResultsPanels;
}

/** The walkthrough's first step is done by opening any net, not only the example. */
function tickOpenedNet({ milestones }: Services): vscode.Disposable {
  const look = (editor: vscode.TextEditor | undefined): void => {
    const isNet =
      editor?.document.languageId === 'prototxt' && editor.document.uri.scheme === 'file';
    if (isNet) milestones.reach('openedNet');
  };
  look(vscode.window.activeTextEditor);
  return vscode.window.onDidChangeActiveTextEditor(look);
}

/** Wires everything up; called by VS Code when the extension is first needed. */
export function activate(context: vscode.ExtensionContext): RistrettoApi {
  const storage = context.storageUri ?? context.globalStorageUri;
  // Without a folder open, all empty windows share one storage.
  const isShared = context.storageUri === undefined;
  const store = new RunStore(path.join(storage.fsPath, 'runs'), isShared);
  const engine = path.join(context.extensionPath, 'dist', 'engine.js');
  const runs = new RunController(store, engine);
  const log = vscode.window.createOutputChannel('Ristretto', { log: true });
  const panels = new ResultsPanels(runs, store, context.extensionUri, log);
  const scores = new ScoreFiles(path.join(storage.fsPath, 'scores'));
  const services: Services = {
    runs,
    store,
    scores,
    panels,
    milestones: new Milestones(context.globalState),
    answers: new Answers(context.workspaceState),
    log,
    engine,
    extensionFolder: context.extensionPath,
    globalStorage: context.globalStorageUri.fsPath,
  };
  panels.handleMessages((record, message, selected) =>
    answerPage(services, record, message, selected),
  );
  context.subscriptions.push(
    log,
    { dispose: () => runs.dispose() },
    panels,
    registerLanguage(),
    new NetCodeLenses(runs),
    registerRunDocuments(services),
    new RunsView(runs),
    showRunProgress(services),
    tickOpenedNet(services),
    ...registerCommands(services),
  );
  return { runs, panels };
}
