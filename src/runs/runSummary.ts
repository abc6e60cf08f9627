import { formatDay, ScoreFormat } from './formatting';
import type { RunRecord } from './runRecord';

/** The result in a few words: `4/4/8 bit, 97.65 %`; undefined for a run without one. */
export function describeResult({ report }: RunRecord): string | undefined {
  if (report === undefined) return undefined;
  if (report.chosen === null) return undefined;
  const { conv_params, fc_params, activations } = report.chosen;
  const bits =
    report.mode === 'minifloat'
      ? String(conv_params)
      : `${conv_params}/${fc_params}/${activations}`;
  const score = new ScoreFormat(report.scoreIsAccuracy).text(report.final.score);
  return `${bits} bit, ${score}${report.final.withinMargin ? '' : ', outside the margin'}`;
}

/** The same with its day: `4/4/8 bit, 97.65 %, today`. */
export function summarizeRun(record: RunRecord, now: number): string | undefined {
  const result = describeResult(record);
  return result === undefined ? undefined : `${result}, ${formatDay(record.startedAt, now)}`;
}
