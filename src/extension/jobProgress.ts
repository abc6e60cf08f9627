import * as vscode from 'vscode';
import { notificationText } from '../runs/view/notificationText';
import type { ProgressView } from '../runs/panelMessages';

/**
 * Runs a job under a notification with progress and a Cancel button.
 *
 * @throws CancellationError when the user cancels; what the job throws otherwise
 */
export async function withJobProgress<T>(
  title: string,
  job: (report: (progress: ProgressView) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: notificationText(title),
      cancellable: true,
    },
    async (notification, token) => {
      const cancellation = new AbortController();
      token.onCancellationRequested(() => cancellation.abort());
      try {
        return await job(progressReporter(notification), cancellation.signal);
      } catch (cause) {
        if (cancellation.signal.aborted) throw new vscode.CancellationError();
        throw cause;
      }
    },
  );
}

/** Shows a share that was reached as the steps that a notification wants. */
export function progressReporter(
  notification: vscode.Progress<{ message?: string; increment?: number }>,
): (progress: ProgressView) => void {
  let reported = 0;
  return ({ what, fraction, left, best }) => {
    const parts = [what, left, best].filter((text) => text !== undefined);
    const message = notificationText(parts.join(', '));
    notification.report({ message, increment: Math.max(0, (fraction - reported) * 100) });
    reported = Math.max(reported, fraction);
  };
}
