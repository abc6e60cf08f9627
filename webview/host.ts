import type { FromPage, PageAction } from '../src/runs/panelMessages';

/** What the page remembers while it is hidden and when the window is reloaded. */
export interface PageState {
  /** The host finds the run by it when it restores the page. */
  readonly runId?: string;
  readonly tab?: string;
  readonly sort?: { readonly key: string; readonly descending: boolean } | undefined;
  /** First new line of every run of unchanged lines that was unfolded. */
  readonly unfolded?: readonly number[];
}

const host = acquireVsCodeApi<PageState>();

/** Tells the host something. */
export function post(message: FromPage): void {
  host.postMessage(message);
}

/** Asks the host to do what a button says. */
export function act(action: PageAction): void {
  post({ type: 'action', action });
}

export function savedState(): PageState {
  return host.getState() ?? {};
}

/** Changes a part of what is remembered. */
export function saveState(change: PageState): void {
  host.setState({ ...savedState(), ...change });
}
