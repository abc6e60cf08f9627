import * as vscode from 'vscode';
import type { Progress } from '../engine/files/progress';
import { phaseNames } from '../quantize/phases';
import { notificationText } from '../runs/view/notificationText';
import { progressView } from '../runs/view/progressView';
import { isUnfinished, type RunRecord } from '../runs/runRecord';
import { progressReporter } from './jobProgress';
import type { Services } from './services';

/** How long a run's page may be out of sight before a notification stands in for it, in milliseconds. */
const patience = 700;

/**
 * Shows the progress of a run in a notification with a Cancel button, as long as nobody sees its results
 * page, which shows the same: one place at a time, besides the status bar.
 */
export class ProgressNotice implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;
  /** Closes the notification; undefined where none is shown. */
  private close: (() => void) | undefined;

  constructor(
    private readonly services: Pick<Services, 'runs' | 'panels'>,
    private readonly record: RunRecord,
  ) {
    this.subscription = services.panels.onDidChangeVisible(() => this.update());
    this.update();
  }

  /** The run has ended. */
  dispose(): void {
    this.subscription.dispose();
    clearTimeout(this.timer);
    this.close?.();
  }

  private update(): void {
    clearTimeout(this.timer);
    if (this.services.panels.isVisible(this.record.id)) {
      this.close?.();
      this.close = undefined;
    } else if (this.close === undefined) {
      // Who goes from one tab to another is not to see it flash; a page opens a moment after its run.
      this.timer = setTimeout(() => this.open(), patience);
    }
  }

  private open(): void {
    const { record } = this;
    const { runs } = this.services;
    if (!isUnfinished(record)) return;
    void vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: notificationText(titleOf(record)),
        cancellable: true,
      },
      (notification, token) =>
        new Promise<void>((resolve) => {
          token.onCancellationRequested(() => void runs.cancel(record.id));
          const report = progressReporter(notification);
          const onProgress = (changed: RunRecord, progress: Progress): void => {
            if (changed === record) report(progressView(progress));
          };
          runs.events.on('progress', onProgress);
          if (record.status === 'queued') notification.report({ message: 'waiting' });
          else if (record.status === 'starting') {
            notification.report({ message: phaseNames.reading });
          }
          this.close = () => {
            runs.events.off('progress', onProgress);
            resolve();
          };
        }),
    );
  }
}

/** What a run is doing, as a heading. */
export function titleOf({ request }: RunRecord): string {
  return request.base === undefined
    ? `Quantizing ${request.netName}`
    : `Scoring the bits of ${request.netName}`;
}
