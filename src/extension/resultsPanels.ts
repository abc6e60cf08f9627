import * as vscode from 'vscode';
import type { Progress } from '../engine/files/progress';
import { isSameNet, type NetKey, type RunRecord, type RunStatus } from '../runs/runRecord';
import type { FromPage, PanelView } from '../runs/panelMessages';
import type { RunController } from '../runs/runController';
import type { RunStore } from '../runs/runStore';
import { pageHtml } from './pageHtml';
import { ResultsPage } from './resultsPage';

/** The view type the manifest activates the extension for. */
export const viewType = 'ristretto.results';

/** @param selected index of the net of a best search that the page shows, where it is not the usual one */
type OnMessage = (record: RunRecord, message: FromPage, selected: number | undefined) => void;

/** A page of such a run would hide the last good result of its net when the window comes back. */
const deadEnds: ReadonlySet<RunStatus> = new Set(['cancelled', 'failed']);

/** One results page a net, which shows one of the net's runs. */
export class ResultsPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly pages = new Set<ResultsPage>();
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly visibility = new vscode.EventEmitter<void>();
  private onMessage: OnMessage = () => undefined;

  /** Which runs a visible page shows may have changed. */
  readonly onDidChangeVisible = this.visibility.event;

  constructor(
    private readonly runs: RunController,
    private readonly store: RunStore,
    private readonly extension: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const onChange = (record: RunRecord): void => {
      const page = this.pageOf(record.request);
      if (page?.run.id === record.id) page.update(record);
      else page?.refresh();
    };
    const onProgress = (record: RunRecord, progress: Progress): void =>
      this.pageOf(record.request)?.progress(record, progress);
    const onRemoved = (record: RunRecord): void => this.forget(record);
    runs.events.on('change', onChange).on('progress', onProgress).on('removed', onRemoved);
    this.subscriptions.push(
      this.visibility,
      new vscode.Disposable(() =>
        runs.events.off('change', onChange).off('progress', onProgress).off('removed', onRemoved),
      ),
      vscode.window.registerWebviewPanelSerializer(viewType, this),
      vscode.workspace.onDidSaveTextDocument(() => this.refresh()),
      vscode.window.onDidChangeWindowState(({ focused }) => focused && this.refresh()),
    );
  }

  /** Who answers the page's buttons; set once, for commands need the panels and these the commands. */
  handleMessages(onMessage: OnMessage): void {
    this.onMessage = onMessage;
  }

  /** Shows a run in its net's page, which is opened beside the editor if need be. */
  show(record: RunRecord): void {
    const open = this.pageOf(record.request);
    if (open !== undefined) {
      open.update(record);
      open.reveal();
      this.visibility.fire();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      viewType,
      '',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      {},
    );
    this.adopt(panel, record);
  }

  /** Brings the page of a run back after the window was reloaded. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Thenable<void> {
    const id =
      typeof state === 'object' && state !== null && 'runId' in state ? String(state.runId) : '';
    const record = this.runs.find(id);
    if (record === undefined) {
      panel.dispose();
      return Promise.resolve();
    }
    const result = deadEnds.has(record.status) ? this.runs.latestResult(record.request) : undefined;
    this.adopt(panel, result ?? record);
    return Promise.resolve();
  }

  /** What a net's page shows now; undefined where none is open. */
  viewOf(net: NetKey): PanelView | undefined {
    return this.pageOf(net)?.view();
  }

  /** The run that a net's page shows; undefined where none is open. */
  runOf(net: NetKey): RunRecord | undefined {
    return this.pageOf(net)?.run;
  }

  /** Whether the user sees a run's page. */
  isVisible(id: string): boolean {
    return [...this.pages].some((page) => page.isVisible && page.run.id === id);
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
    this.pages.forEach((page) => page.dispose());
  }

  private adopt(panel: vscode.WebviewPanel, record: RunRecord): void {
    const dist = vscode.Uri.joinPath(this.extension, 'dist');
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.iconPath = vscode.Uri.joinPath(this.extension, 'media', 'icon.png');
    const page = new ResultsPage(panel, { runs: this.runs, store: this.store }, record, {
      onMessage: (shown, message, selected) => {
        if (message.type === 'showRun') this.showRelated(message.runId);
        else this.onMessage(shown, message, selected);
      },
      onRefused: (description) => this.log.warn(description),
    });
    this.pages.add(page);
    panel.onDidDispose(() => {
      this.pages.delete(page);
      this.visibility.fire();
    });
    panel.onDidChangeViewState(() => this.visibility.fire());
    panel.webview.html = pageHtml(panel.webview, dist);
    this.visibility.fire();
  }

  private showRelated(id: string): void {
    const record = this.runs.find(id);
    if (record !== undefined) this.show(record);
  }

  /** A page of a run that is gone shows the net's last result, or goes too. */
  private forget(record: RunRecord): void {
    const page = this.pageOf(record.request);
    if (page === undefined) return;
    if (page.run.id !== record.id) {
      page.refresh();
      return;
    }
    const next = this.runs.latestResult(record.request) ?? this.runs.runsOf(record.request).at(0);
    if (next === undefined) page.dispose();
    else page.update(next);
  }

  private pageOf(net: NetKey): ResultsPage | undefined {
    return [...this.pages].find(({ run }) => isSameNet(run.request, net));
  }

  /** Files may have changed in the meantime. */
  private refresh(): void {
    this.pages.forEach((page) => page.refresh());
  }
}
