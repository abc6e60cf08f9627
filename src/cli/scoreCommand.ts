import { formatShape } from '../base/shape';
import { scoreNet, type ScoreResult } from '../engine/jobs/scoreNet';
import { describeValues, mostValues } from '../quantize/describeValues';
import { formatFloat } from '../quantize/formatFloat';
import type { Tensor } from '../runtime/session';
import type { Command, CommandContext } from './command';
import { dataFlags, readDataFlags } from './dataFlags';
import { iterationsFlag, readIterations } from './iterationsFlag';
import { netFlag, readNetFlag } from './netFlag';
import { scoreFlag } from './scoreFlag';
import { providerFlags, readProviderFlags } from './providerFlags';
import { phaseFlag, readPhaseFlag, readStateFlags, stateFlags } from './stateFlags';
import { tellTo } from '../engine/files/events';

/** `ristretto score`: what `caffe test` does, for float and quantized nets. */
export const scoreCommand: Command = {
  name: 'score',
  summary: 'score a net, float or quantized, on its TEST data',
  flags: {
    model: { argument: 'FILE', required: true, help: 'the net definition (train_val prototxt)' },
    weights: { argument: 'FILE', required: true, help: 'the trained weights (caffemodel)' },
    iterations: iterationsFlag,
    ...providerFlags,
    phase: phaseFlag('score'),
    ...stateFlags,
    net: netFlag,
    score: scoreFlag,
    values: { help: 'print every value of every output, however many there are' },
    ...dataFlags,
    caffe_root: { argument: 'DIR', help: 'last folder to look for data sources in' },
  },

  async run({ flags, console, cwd, signal }: CommandContext): Promise<void> {
    const model = flags.text('model');
    const iterations = readIterations(flags);
    const result = await scoreNet(
      {
        model,
        netIndex: readNetFlag(flags),
        phase: readPhaseFlag(flags),
        ...readStateFlags(flags),
        weights: flags.text('weights'),
        iterations,
        provider: readProviderFlags(flags),
        scoreBlob: flags.optional('score'),
        caffeRoot: flags.optional('caffe_root'),
        ...readDataFlags(flags),
        cwd,
        signal,
      },
      tellTo({
        progress: (progress) => console.progress(progress),
        note: (text) => console.note(`note: ${text}`),
        start: ({ iterations, batchSize, provider }) =>
          console.note(`Scoring ${model}: ${iterations} x ${batchSize} images on ${provider}`),
      }),
    );
    console.endProgress();
    for (const line of describe(result, flags.isSet('values'))) console.print(line);
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
  return isShortened ? [...lines, '(--values prints every value)'] : lines;
}

/** `prob: 1000 values (1x1000): least 0, mean 0.001, largest 0.9; first 0, 0.1, 0, 0, ...` */
function summary(name: string, { shape, data }: Tensor): string {
  const first = Array.from(data.subarray(0, shownValues), formatFloat).join(', ');
  return (
    `${name}: ${data.length} values (${formatShape(shape)}): ${describeValues(data)}; ` +
    `first ${first}, ...`
  );
}
