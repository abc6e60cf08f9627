import { formatBytes } from '../base/amounts';
import type { BestSoFar } from '../quantize/bestSoFar';
import type { LayerReport, QuantizeReport, VisitedPoint } from '../quantize/report';
import { groupNames, type SweepRow } from '../quantize/groups';
import type { Score } from '../quantize/score';
import { formatFloat } from '../quantize/formatFloat';

/** The lines a run shows as it goes. */
export function describeBaseline({ score, seconds }: Score): string {
  return `baseline: ${formatFloat(score)} (${seconds.toFixed(1)} s)`;
}

export function describeRanges(layer: LayerReport): string {
  const part = (name: string, max: number, integerLength: number): string =>
    `${name} ${formatFloat(max)} (il ${integerLength})`;
  return (
    `ranges of ${layer.name}: ${part('input', layer.maxIn, layer.ilIn)}, ` +
    `${part('output', layer.maxOut, layer.ilOut)}, ` +
    part('weights', layer.maxParams, layer.ilParams)
  );
}

export function describeRow({ group, bits, score, seconds }: SweepRow): string {
  return `${groupNames[group]} ${bits} bit: ${formatFloat(score)} (${seconds.toFixed(1)} s)`;
}

export function describePoint({ costs, score, isBound, withinMargin }: VisitedPoint): string {
  return (
    `net of ${formatBytes(costs.weightBytes, 4)} weights, ` +
    `${costs.activationBits.toFixed(2)} bit activations: ` +
    `${isBound ? 'at most ' : ''}${formatFloat(score)}, ${withinMargin ? 'within' : 'outside'}`
  );
}

/** How a run stands that was interrupted. */
export interface Interrupted {
  readonly best: BestSoFar | undefined;
  readonly scoreName: string;
  /** Where it was to keep its scores, and whether some are there. */
  readonly reportPath: string | undefined;
  readonly hasScores: boolean;
}

/** What a run that was interrupted had found by then, and how to go on. */
export function describeInterrupted(state: Interrupted): string[] {
  const { best, scoreName, reportPath, hasScores } = state;
  return [
    best === undefined
      ? 'no net had been found inside the margin by then'
      : `best net so far inside the margin: ${formatBytes(best.weightBytes)} of weights ` +
        `(${formatBits(best.weightBits)} bits on average), ${formatBits(best.activationBits)}-bit ` +
        `activations, ${scoreName} ${formatFloat(best.score)}`,
    hasScores
      ? `the scores so far are kept in ${reportPath}: --resume goes on from there`
      : reportPath === undefined
        ? 'no scores are kept: with --report=FILE they are, and --resume goes on from there'
        : 'there were no scores to keep yet',
  ];
}

function formatBits(bits: number): string {
  return String(Number(bits.toFixed(1)));
}

export function describeEnd(report: QuantizeReport): string {
  const { final, baseline } = report;
  const isLoss = report.scoreDirection === 'lower';
  const amount = (percent: number): string =>
    isLoss ? formatFloat(percent / 100) : `${formatFloat(percent)} %`;
  const drop = (baseline - final.score) * 100;
  const side = drop < 0 || (isLoss && drop === 0) ? 'above' : 'below';
  const difference = `${amount(Math.abs(drop))} ${side}`;
  const margin = isLoss ? amount(report.errorMargin) : `${report.errorMargin} %`;
  const verdict = final.withinMargin ? 'within' : 'OUTSIDE of';
  return (
    `Wrote ${report.output}: ${report.scoreBlob} ${formatFloat(final.score)}, ${difference} the ` +
    `float net, ${verdict} the margin of ${margin} ` +
    `(${report.seconds.toFixed(1)} s on ${report.provider})`
  );
}
