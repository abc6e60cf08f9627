import { formatShape } from '../../base/shape';
import type { ScoreResult } from '../../engine/jobs/scoreNet';
import { shown } from '../../base/shown';
import { describeValues, mostValues } from '../../quantize/describeValues';
import { formatFloat } from '../../quantize/formatFloat';
import { inSettings } from './settingWords';
import {
  formatCount,
  formatProvider,
  formatMoment,
  formatSeconds,
  ScoreFormat,
} from './formatting';
import { textTable } from './textTable';

/** A net that was scored, and what came out. */
export interface ScoredNet {
  readonly netName: string;
  readonly model: string;
  readonly weights: string;
  readonly iterations: number;
  readonly batchSize: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly result: ScoreResult;
}

/** The score in a few words: `LeNet scores 98.95 % (accuracy)`. */
export function scoreSentence({ netName, result }: ScoredNet): string {
  const score = new ScoreFormat(result.scoreIsAccuracy, result.scoreDirection).text(result.score);
  return `${netName} scores ${score} (${result.scoreBlob})`;
}

/** All of it as a text to keep beside the net. */
export function scoreText(scored: ScoredNet): string {
  const { model, weights, iterations, batchSize, at, result } = scored;
  const { loss, outputs, lossWeights, notes, scoreDirection } = result;
  const direction = scoreDirection === 'lower' ? 'lower is better' : 'higher is better';
  const images = iterations * batchSize;
  const values = [...outputs].flatMap(([name, { shape, data }]): (readonly string[])[] => {
    const weight = lossWeights.get(name);
    const inLoss = weight === undefined ? '' : `weighs ${formatFloat(weight)} in the loss`;
    if (data.length > mostValues)
      return [
        [name, `${formatCount(data.length)} values: ${describeValues(data)}`, formatShape(shape)],
      ];
    return Array.from(data, (value, i) => [
      data.length === 1 ? name : `${name}[${i}]`,
      formatFloat(value),
      inLoss,
    ]);
  });
  return [
    `${shown(scoreSentence(scored))}\n`,
    textTable([
      ['Net', model],
      ['Weights', weights],
      [
        'Score',
        `${new ScoreFormat(result.scoreIsAccuracy, scoreDirection).text(result.score)} ` +
          `(${result.scoreBlob}, ${direction})`,
      ],
      ...(loss === null ? [] : [['Loss', formatFloat(loss)]]),
      [
        'Images',
        `${formatCount(images)} of the TEST data (${formatCount(iterations)} batches of ` +
          `${formatCount(batchSize)})`,
      ],
      ['Run on', `${formatProvider(result.provider)}, ${formatSeconds(result.seconds)}`],
      ['Scored', formatMoment(at)],
    ]),
    'Outputs (means over the batches)\n',
    textTable(values),
    ...(notes.length === 0
      ? []
      : ['Notes\n', notes.map((note) => `  - ${shown(inSettings(note))}\n`).join('')]),
  ].join('\n');
}
