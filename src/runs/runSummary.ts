import type { QuantizeReport } from '../quantize/report';
import { formatBytes, formatDay, ScoreFormat } from './formatting';
import type { RunRecord } from './runRecord';

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

/** `4/4/8 bit`, `8 bit`; `64.5 kB, 4.4-bit activations` where every layer has bits of its own. */
function describeBits({ chosen, mode, best, weightBytes }: QuantizeReport): string {
  if (chosen === null) {
    const activations = best?.costs.activationBits.toFixed(1) ?? '?';
    return `${formatBytes(weightBytes.quantized)}, ${activations}-bit activations`;
  }
  const { conv_params, fc_params, activations } = chosen;
  return mode === 'minifloat'
    ? `${conv_params} bit`
    : `${conv_params}/${fc_params}/${activations} bit`;
}
