import path from 'node:path';
import type * as vscode from 'vscode';
import type { Progress } from '../engine/files/progress';
import { Announcements } from '../runs/view/announcements';
import { describeRefused, parsePageMessage } from '../runs/pageMessages';
import type { FromPage, PanelView, ToPage } from '../runs/panelMessages';
import { panelView } from '../runs/view/panelView';
import { progressView } from '../runs/view/progressView';
import { relatedRuns } from '../runs/view/relatedRuns';
import type { RunController } from '../runs/runController';
import { runDiff } from '../runs/runDiff';
import type { RunRecord } from '../runs/runRecord';
import type { RunStore } from '../runs/runStore';
import { describeStale } from '../runs/stale';

/** Milliseconds between two progress messages to a page. */
const progressInterval = 100;

/** Where a page looks runs up. */
interface Kept {
  readonly runs: RunController;
  readonly store: RunStore;
}

/** Who is told what a page asks for. */
interface PageListener {
  /** @param selected index of the net of a best search that is shown, where it is not the usual one */
  onMessage(record: RunRecord, message: FromPage, selected: number | undefined): void;
  /** The page sent what it cannot ask for. */
  onRefused(description: string): void;
}

/** One page and the run it shows. */
export class ResultsPage {
  private readonly announcements = new Announcements();
  private lastProgress: Progress | undefined;
  private lastProgressAt = 0;
  /** What the page was sent last; undefined before it has asked for anything. */
  private sent: PanelView | undefined;
  private isReady = false;
  /** Index of the net of a best search that is shown; the usual one where it is undefined. */
  private selected: number | undefined;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly kept: Kept,
    private record: RunRecord,
    listener: PageListener,
  ) {
    panel.title = pageTitle(record);
    panel.webview.onDidReceiveMessage((received: unknown) => {
      const message = parsePageMessage(received, this.sent);
      if (message === undefined) {
        listener.onRefused(describeRefused(received));
      } else if (message.type === 'ready') {
        this.isReady = true;
        this.refresh();
      } else if (message.type === 'selectPoint') {
        this.selected = message.index;
        this.refresh();
      } else {
        listener.onMessage(this.record, message, this.selected);
      }
    });
  }

  get run(): RunRecord {
    return this.record;
  }

  get isVisible(): boolean {
    return this.panel.visible;
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
    if (!this.isReady) return;
    this.sent = this.view();
    this.post({ type: 'view', view: this.sent });
  }

  view(): PanelView {
    const { runs, store } = this.kept;
    const others = runs.runsOf(this.record.request);
    return panelView(this.record, {
      diff: runDiff(this.record, store, this.selected),
      selectedPoint: this.selected,
      stale: describeStale(this.record),
      progress: this.lastProgress === undefined ? undefined : progressView(this.lastProgress),
      related: relatedRuns(this.record, others, Date.now()),
      hasOtherRuns: others.some(({ id }) => id !== this.record.id),
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
