import { formatShape } from '../base/shape';
import { scoreNet, type ScoreResult } from '../engine/jobs/scoreNet';
import { describeValues, mostValues } from '../quantize/describeValues';
import { formatFloat } from '../quantize/formatFloat';
import type { Tensor } from '../runtime/session';
import { option, words } from '../base/words';
import type { Command } from './command';
import { inFlags } from './flagWords';
import { tellTo } from '../engine/files/events';

/** `ristretto score`: what `caffe test` does, for float and quantized nets. */
export const scoreCommand: Command<'score'> = {
  name: 'score',
  summary: 'score a net, float or quantized, on its TEST data',

  async run({ options, console, cwd, signal }): Promise<void> {
    const { model } = options;
    const result = await scoreNet(
      { ...options, cwd, signal },
      tellTo({
        progress: (progress) => console.progress(progress),
        note: (text) => console.note(`note: ${inFlags(text)}`),
        start: ({ iterations, batchSize, provider }) =>
          console.note(`Scoring ${model}: ${iterations} x ${batchSize} images on ${provider}`),
      }),
    );
    console.endProgress();
    for (const line of describe(result, options.values === true)) console.print(line);
    // One value of several, or their mean, does not stand out in the lines above.
    const value = result.outputs.has(result.scoreBlob) ? '' : ` (${formatFloat(result.score)})`;
    console.note(
      `Scored by ${result.scoreBlob}${value} in ${result.seconds.toFixed(1)} s on ${result.provider}`,
    );
  },
};

/** Values of a large output that are shown as they are. */
const shownValues = 4;

/** The lines of `caffe test`, without glog's prefix; a large output has one line for all its values. */
function describe({ loss, outputs, lossWeights }: ScoreResult, allValues: boolean): string[] {
  const lines = loss === null ? [] : [`Loss: ${formatFloat(loss)}`];
  let isShortened = false;
  for (const [name, output] of outputs) {
    const weight = lossWeights.get(name);
    if (!allValues && output.data.length > mostValues) {
      lines.push(summary(name, output));
      isShortened = true;
      continue;
    }
    output.data.forEach((value) => {
      const inLoss =
        weight === undefined
          ? ''
          : ` (* ${formatFloat(weight)} = ${formatFloat(weight * value)} loss)`;
      lines.push(`${name} = ${formatFloat(value)}${inLoss}`);
    });
  }
  return isShortened ? [...lines, inFlags(words`(${option('values')} prints every value)`)] : lines;
}

/** `prob: 1000 values (1x1000): least 0, mean 0.001, largest 0.9; first 0, 0.1, 0, 0, ...` */
function summary(name: string, { shape, data }: Tensor): string {
  const first = Array.from(data.subarray(0, shownValues), formatFloat).join(', ');
  return (
    `${name}: ${data.length} values (${formatShape(shape)}): ${describeValues(data)}; ` +
    `first ${first}, ...`
  );
}
