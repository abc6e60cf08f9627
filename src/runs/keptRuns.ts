import { isFinished, isTrial, isUnfinished, type RunRecord } from './runRecord';

/** How many of each kind are kept of a net. */
const most = { searches: 10, trials: 10, stopped: 5 };

/**
 * Which runs of one net may go, so that the folder does not grow for ever: a kind is only pushed out by
 * its own, for ten trials must not cost the search they came from. What works, the last result, and what
 * a kept run leads back to, stays.
 *
 * @param runs of one net, the latest first
 */
export function runsToForget(runs: readonly RunRecord[]): readonly RunRecord[] {
  const ended = runs.filter((run) => !isUnfinished(run));
  const kept = new Set([
    ...runs.filter(isUnfinished),
    ...ended.filter((run) => isFinished(run) && !isTrial(run)).slice(0, most.searches),
    ...ended.filter((run) => isFinished(run) && isTrial(run)).slice(0, most.trials),
    ...ended.filter((run) => !isFinished(run)).slice(0, most.stopped),
  ]);
  const origins = new Set(
    [...kept].flatMap(({ request }) => [request.trialOf ?? [], request.resumes ?? []].flat()),
  );
  return runs.filter((run) => !kept.has(run) && !origins.has(run.id));
}
