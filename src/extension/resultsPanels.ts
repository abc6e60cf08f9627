import path from 'node:path';
import * as vscode from 'vscode';
import { Announcements } from '../runs/announcements';
import { isSameNet, type NetKey, type RunRecord } from '../runs/runRecord';
import type { FromPage, PanelView, ToPage } from '../runs/panelMessages';
import { panelView } from '../runs/panelView';
import { progressView } from '../runs/progressView';
import type { RunController } from '../runs/runController';
import type { RunStore } from '../runs/runStore';
import { describeStale } from '../runs/stale';
import { runDiff } from '../runs/runDiff';
import type { Progress } from '../engine/progress';
import { pageHtml } from './pageHtml';

/** The view type the manifest activates the extension for. */
export const viewType = 'ristretto.results';

/** Milliseconds between two progress messages to a page. */
const progressInterval = 100;

/** @param selected index of the net of a best search that the page shows, where it is not the delivered one */
type OnMessage = (record: RunRecord, message: FromPage, selected: number | undefined) => void;

/** One results page a net; a new run of the net takes the page over. */
export class ResultsPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly pages = new Set<ResultsPage>();
  private readonly subscriptions: vscode.Disposable[] = [];
  private onMessage: OnMessage = () => undefined;

  constructor(
    private readonly runs: RunController,
    private readonly store: RunStore,
    private readonly extension: vscode.Uri,
  ) {
    const onChange = (record: RunRecord): void => this.pageOf(record.request)?.update(record);
    const onProgress = (record: RunRecord, progress: Progress): void =>
      this.pageOf(record.request)?.progress(record, progress);
    runs.events.on('change', onChange).on('progress', onProgress);
    this.subscriptions.push(
      new vscode.Disposable(() => runs.events.off('change', onChange).off('progress', onProgress)),
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
    if (record === undefined) panel.dispose();
    else this.adopt(panel, record);
    return Promise.resolve();
  }

  /** What a net's page shows now; undefined where none is open. */
  viewOf(net: NetKey): PanelView | undefined {
    return this.pageOf(net)?.view();
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => void subscription.dispose());
    this.pages.forEach((page) => page.dispose());
  }

  private adopt(panel: vscode.WebviewPanel, record: RunRecord): void {
    const dist = vscode.Uri.joinPath(this.extension, 'dist');
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.iconPath = vscode.Uri.joinPath(this.extension, 'media', 'icon.png');
    const page = new ResultsPage(panel, this.store, record, (shown, message, selected) =>
      this.onMessage(shown, message, selected),
    );
    this.pages.add(page);
    panel.onDidDispose(() => this.pages.delete(page));
    panel.webview.html = pageHtml(panel.webview, dist);
  }

  private pageOf(net: NetKey): ResultsPage | undefined {
    return [...this.pages].find(({ net: own }) => isSameNet(own, net));
  }

  /** Files may have changed in the meantime. */
  private refresh(): void {
    this.pages.forEach((page) => page.refresh());
  }
}

/** One page and the run it shows. */
class ResultsPage {
  private readonly announcements = new Announcements();
  private lastProgress: Progress | undefined;
  private lastProgressAt = 0;
  private isReady = false;
  /** Index of the net of a best search that is shown; the delivered one where it is undefined. */
  private selected: number | undefined;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly store: RunStore,
    private record: RunRecord,
    onMessage: OnMessage,
  ) {
    panel.title = pageTitle(record);
    panel.webview.onDidReceiveMessage((message: FromPage) => {
      if (message.type === 'ready') {
        this.isReady = true;
        this.refresh();
      } else if (message.type === 'selectPoint') {
        this.selected = message.index;
        this.refresh();
      } else {
        onMessage(this.record, message, this.selected);
      }
    });
  }

  get net(): NetKey {
    return this.record.request;
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  dispose(): void {
    this.panel.dispose();
  }

  update(record: RunRecord): void {
    if (record.id !== this.record.id) {
      this.lastProgress = undefined;
      this.selected = undefined;
    }
    this.record = record;
    this.panel.title = pageTitle(record);
    this.refresh();
    for (const text of this.announcements.next(record)) this.post({ type: 'announce', text });
  }

  progress({ id }: RunRecord, progress: Progress): void {
    if (id !== this.record.id) return;
    this.lastProgress = progress;
    const now = Date.now();
    if (now - this.lastProgressAt < progressInterval) return;
    this.lastProgressAt = now;
    this.post({ type: 'progress', runId: id, progress: progressView(progress) });
  }

  /** Sends the whole state; a page that is not ready yet asks for it when it is. */
  refresh(): void {
    if (this.isReady) this.post({ type: 'view', view: this.view() });
  }

  view(): PanelView {
    return panelView(this.record, {
      diff: runDiff(this.record, this.store, this.selected),
      selectedPoint: this.selected,
      stale: describeStale(this.record),
      progress: this.lastProgress === undefined ? undefined : progressView(this.lastProgress),
    });
  }

  private post(message: ToPage): void {
    // A hidden page loses messages and asks for everything when it is shown again.
    void this.panel.webview.postMessage(message);
  }
}

function pageTitle({ plan, request }: RunRecord): string {
  const net = plan?.net ?? request.netName;
  return `${net === '' ? path.basename(request.model) : net}: bit-widths`;
}
