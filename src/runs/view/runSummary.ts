import { modes } from '../../quantize/modes/modes';
import type { QuantizeReport } from '../../quantize/report';
import { formatBytes, formatDay, ScoreFormat } from './formatting';
import { bestSoFar } from './netChoice';
import { isTrial, type RunRecord, type RunStatus } from '../runRecord';
import { scoreFormat } from './runScore';

/** The result in a few words: `4/4/8 bit, 97.65 %`; undefined for a run without one. */
export function describeResult({ report }: RunRecord): string | undefined {
  if (report === undefined) return undefined;
  const bits = describeBits(report);
  const score = new ScoreFormat(report.scoreIsAccuracy).text(report.final.score);
  return `${bits}, ${score}${report.final.withinMargin ? '' : ', outside the margin'}`;
}

/** The same with its day: `4/4/8 bit, 97.65 %, today`. */
export function summarizeRun(record: RunRecord, now: number): string | undefined {
  const result = describeResult(record);
  return result === undefined ? undefined : `${result}, ${formatDay(record.startedAt, now)}`;
}

/** How a run stands, in a few words: its result, or how far it came. */
export function describeOutcome(record: RunRecord): string {
  const result = describeResult(record);
  if (result !== undefined) return result;
  const best = bestSoFar(record);
  const status = statusWords[record.status];
  if (best === undefined) return status;
  const score = scoreFormat(record).text(best.score);
  return `${status}, best so far ${formatBytes(best.costs.weightBytes)}, ${score}`;
}

const statusWords: Readonly<Record<RunStatus, string>> = {
  queued: 'waiting',
  starting: 'starting',
  running: 'running',
  done: 'done',
  cancelled: 'cancelled',
  failed: 'failed',
  interrupted: 'interrupted',
};

/** What a run was asked for, in a few words: `best search, dynamic fixed point, margin 2 %`. */
export function describeOptions(record: RunRecord): string {
  const { mode, search, keep, errorMargin } = record.request;
  const kept = isTrial(record) ? 0 : Object.keys(keep ?? {}).length;
  const kind = isTrial(record)
    ? 'bits set by hand'
    : search === 'best'
      ? 'best search'
      : 'search as the original';
  return [
    kind,
    modes[mode].name,
    `margin ${scoreFormat(record).margin(errorMargin)}`,
    ...(kept === 0 ? [] : [`bits of ${kept} ${kept === 1 ? 'layer' : 'layers'} kept`]),
  ].join(', ');
}

/** `4/4/8 bit`, `8 bit`; `64.5 kB, 4.4-bit activations` where every layer has bits of its own. */
function describeBits(report: QuantizeReport): string {
  if (report.search === 'best') {
    const { best, weightBytes } = report;
    const activations = best.costs.activationBits.toFixed(1);
    return `${formatBytes(weightBytes.quantized)}, ${activations}-bit activations`;
  }
  const { conv_params, fc_params, activations } = report.chosen;
  return modes[report.mode].isOneFormat
    ? `${conv_params} bit`
    : `${conv_params}/${fc_params}/${activations} bit`;
}
