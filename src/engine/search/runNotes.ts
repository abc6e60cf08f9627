import { formatFloat } from '../../quantize/formatFloat';
import { isWithinMargin, type Margin } from '../../quantize/margin';
import type { Firmness } from '../../quantize/report';
import type { RunOptions } from './quantizeOptions';
import type { QuantizeSetup } from './quantizeSetup';

/** Why a baseline makes the search pointless; undefined for one that does not. */
export function doubtfulBaseline(margin: Margin, isAccuracy: boolean): string | undefined {
  const { baseline: score, errorMargin } = margin;
  const advice = 'check that weights, data and labels belong together';
  if (Number.isNaN(score)) {
    return `the float net's score is not a number, so that no width is within the margin: ${advice}`;
  }
  // An accuracy cannot fall below 0, so that a margin as large as the baseline accepts everything.
  if (score !== 0 && (!isAccuracy || !isWithinMargin(0, margin))) return undefined;
  return (
    `the float net scores ${formatFloat(score)}: ` +
    (isAccuracy ? `every width is within the margin of ${errorMargin} %; ` : '') +
    advice
  );
}

/** What to tell of a verdict that these images cannot settle; undefined for one that is firm. */
export function describeFirmness(
  isWithin: boolean,
  { standardError, verdict }: Firmness,
  { iterations }: RunOptions,
  { testData, choice }: QuantizeSetup,
): string | undefined {
  if (verdict === 'firm') return undefined;
  const images = Math.min(iterations * testData.batchSize, testData.records);
  const side = isWithin ? 'within' : 'outside of';
  if (standardError === null) {
    return `one batch does not tell how firm it is that the score lies ${side} the margin: score more`;
  }
  const error = choice.isAccuracy
    ? `${Number((standardError * 100).toPrecision(2))} %`
    : String(Number(standardError.toPrecision(2)));
  return (
    `${images} images cannot settle that the score lies ${side} the margin: ` +
    `the difference to the float net has a standard error of ${error}`
  );
}
