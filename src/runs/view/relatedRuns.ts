import { lastResult } from '../lastResult';
import type { RelatedRun } from '../panelMessages';
import { isFinished, isUnfinished, type RunRecord } from '../runRecord';
import { describeOutcome } from './runSummary';
import { formatWhen } from './formatting';

/**
 * The runs of a net that somebody who looks at one of them may miss: the search that a trial came from,
 * the last result where this run has none, and what works or waits.
 *
 * @param runs of the same net, the latest first
 */
export function relatedRuns(
  record: RunRecord,
  runs: readonly RunRecord[],
  now: number,
): readonly RelatedRun[] {
  const others = runs.filter(({ id }) => id !== record.id);
  const related = (run: RunRecord | undefined, action: string): readonly RelatedRun[] =>
    run === undefined
      ? []
      : [
          {
            runId: run.id,
            action,
            text: `${describeOutcome(run)}, ${formatWhen(run.startedAt, now)}`,
          },
        ];
  const origin = others.find(({ id }) => id === record.request.trialOf);
  const last = isFinished(record) ? undefined : lastResult(others);
  const [latest] = others;
  const later =
    isFinished(record) && latest !== undefined && latest.startedAt > record.startedAt
      ? latest
      : undefined;
  // A result says of itself that it is newer; one that was stopped after it would go unseen.
  const stopped =
    later === undefined || isFinished(later) || isUnfinished(later) ? undefined : later;
  const working = others.find((run) => isUnfinished(run) && run.status !== 'queued');
  const waiting = others.filter(({ status }) => status === 'queued');
  return [
    ...related(origin, 'Back to the search'),
    ...(last?.id === origin?.id ? [] : related(last, 'Show the last result')),
    ...related(stopped, 'Show the later run'),
    ...related(working, 'Show the run that is going on'),
    ...waiting.flatMap((run) => related(run, 'Show the run that waits')),
  ];
}
