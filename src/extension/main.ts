import path from 'node:path';
import * as vscode from 'vscode';
import { registerLanguage } from '../language/vscode/register';
import { RunController } from '../runs/runController';
import { RunStore } from '../runs/runStore';
import { Answers } from './answers';
import { NetCodeLenses } from './codeLens';
import { registerCommands } from './commands';
import { answerPage } from './panelActions';
import { ResultsPanels } from './resultsPanels';
import { registerRunDocuments } from './runDocuments';
import { showRunProgress } from './runProgress';
import type { Services } from './services';

/** What other extensions and our own tests may use. */
export interface RistrettoApi {
  readonly runs: RunController;
  readonly panels: ResultsPanels;
}

/** Wires everything up; called by VS Code when the extension is first needed. */
export function activate(context: vscode.ExtensionContext): RistrettoApi {
  const storage = context.storageUri ?? context.globalStorageUri;
  // Without a folder open, all empty windows share one storage.
  const isShared = context.storageUri === undefined;
  const store = new RunStore(path.join(storage.fsPath, 'runs'), isShared);
  const engine = path.join(context.extensionPath, 'dist', 'engine.js');
  const runs = new RunController(store, engine);
  const panels = new ResultsPanels(runs, store, context.extensionUri);
  const services: Services = {
    runs,
    store,
    panels,
    answers: new Answers(context.workspaceState),
    log: vscode.window.createOutputChannel('Ristretto', { log: true }),
    engine,
    extensionFolder: context.extensionPath,
    globalStorage: context.globalStorageUri.fsPath,
  };
  panels.handleMessages((record, message, selected) =>
    answerPage(services, record, message, selected),
  );
  context.subscriptions.push(
    services.log,
    { dispose: () => runs.dispose() },
    panels,
    registerLanguage(),
    new NetCodeLenses(runs),
    registerRunDocuments(runs, store),
    showRunProgress(services),
    ...registerCommands(services),
  );
  return { runs, panels };
}
