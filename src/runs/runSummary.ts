import { formatDay, ScoreFormat } from './formatting';
import type { RunRecord } from './runRecord';

/** The result in a few words: `4/4/8 bit, 97.65 %, today`; undefined for a run without one. */
export function summarizeRun({ report, startedAt }: RunRecord, now: number): string | undefined {
  if (report === undefined) return undefined;
  const { conv_params, fc_params, activations } = report.chosen;
  const bits =
    report.mode === 'minifloat'
      ? String(conv_params)
      : `${conv_params}/${fc_params}/${activations}`;
  const score = new ScoreFormat(report.scoreIsAccuracy).text(report.final.score);
  const verdict = report.final.withinMargin ? '' : ', outside the margin';
  return `${bits} bit, ${score}${verdict}, ${formatDay(startedAt, now)}`;
}
