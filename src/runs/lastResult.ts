import { isFinished, isTrial, type RunRecord } from './runRecord';

/**
 * The result of a net that its CodeLens names and *Show Last Results* opens: that of the last search that
 * ended, for neither a run that was cancelled after it nor bits tried by hand make it any less of a
 * result; where only bits were tried, that of the last trial.
 *
 * @param runs of one net, the latest first
 */
export function lastResult(runs: readonly RunRecord[]): RunRecord | undefined {
  const finished = runs.filter(isFinished);
  return finished.find((run) => !isTrial(run)) ?? finished[0];
}
