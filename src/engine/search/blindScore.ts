import { partThatMakes } from '../../caffe/neededLayers';
import { parameterGroup } from '../../caffe/layerTypes';
import type { Layer } from '../../caffe/net';
import { float32, isFloat32 } from '../../formats/float32';
import type { Candidate, LayerFormats } from '../../formats/layerFormats';
import { lossOutputs } from '../../caffe/lossWeights';
import { formatFloat } from '../../quantize/formatFloat';
import { isWithinMargin, type Margin } from '../../quantize/margin';
import { UserError } from '../../base/userError';
import { anyOf, joined, words } from '../../base/words';
import type { CandidateScorer } from '../scoring/candidateScorer';
import type { RunOptions } from './quantizeOptions';
import type { QuantizeSetup } from './quantizeSetup';

/** Batches that mostly suffice to see that a net is broken. */
const firstBatches = 4;

/**
 * Of a share of right answers or a loss, this much (in percent) is told apart however wide the margin
 * is: who asks for a wider one gets it.
 */
const telling = 2;

/** What says how large a layer is: its name and the number of its weights. */
interface SizedLayer {
  readonly name: string;
  readonly weights: number;
}

/**
 * Refuses a score that a broken net reaches as well: every width would lie within the margin, and the
 * search would deliver a destroyed net. Broken is the net without the weights of its largest layer to
 * quantize, or of all of them. Where labels or the float net's own decisions are scored, a large net
 * may bear the loss of one layer (a block of many of a residual net); there only the latter counts.
 *
 * @returns a note where the net bears the loss of its largest layer
 * @throws UserError naming the score, and what to do
 */
export async function refuseBlindScore(
  options: RunOptions,
  setup: QuantizeSetup,
  scorer: CandidateScorer,
  margin: Margin,
): Promise<string | undefined> {
  const layers = scoredLayers(setup);
  const [largest] = layers;
  if (largest === undefined) {
    throw blind(options, setup, 'no layer that is quantized has a part in it', margin);
  }
  // Without the weights of the layers in question, whatever their formats are.
  const broken = setup.testerWith((blob, format) =>
    isFloat32(format) ? blob : { ...blob, data: new Float32Array(blob.data.length) },
  );
  /** The score of a broken net, where it lies within a margin; undefined where it does not. */
  const reached = async (
    without: readonly SizedLayer[],
    width: number,
  ): Promise<number | undefined> => {
    let score: number | undefined;
    const most = options.iterations;
    for (const iterations of new Set([Math.min(firstBatches, most), most])) {
      const made = await scorer.scoreOther(broken, candidateOf(without), iterations);
      const limit = { ...margin, errorMargin: width, baseline: made.float };
      if (!isWithinMargin(made.score, limit)) return undefined;
      score = made.score;
    }
    return score;
  };
  const { errorMargin, baseline } = margin;
  const all = `the net without ${layers.length === 1 ? 'the weights of its layer' : 'any weights'}`;
  const one = `the net without the weights of "${largest.name}", its largest layer,`;
  if (isJudged(setup)) {
    const none = await reached(layers, Math.min(errorMargin, telling));
    if (none !== undefined) {
      throw blind(options, setup, `${all} scores ${formatFloat(none)}`, margin);
    }
    const score = await reached([largest], errorMargin);
    if (score === undefined) return undefined;
    return (
      `${one} still scores ${formatFloat(score)}, within the margin of ${errorMargin} %: ` +
      'a smaller margin, or more images, would tell more'
    );
  }
  if (baseline === 0) {
    throw blind(options, setup, 'it is 0 for the float net itself', margin);
  }
  for (const [what, without] of [
    [one, [largest]],
    [all, layers],
  ] as const) {
    const score = await reached(without, errorMargin);
    if (score !== undefined) {
      throw blind(options, setup, `${what} scores ${formatFloat(score)}`, margin);
    }
  }
  return undefined;
}

/** Whether labels, or the float net's own decisions, say what is right. */
function isJudged({ choice, tester }: QuantizeSetup): boolean {
  return choice.isAccuracy || lossOutputs(tester.net).has(choice.blob);
}

/** Layers to quantize that the score depends on, the largest first. */
function scoredLayers({ tester, targets, choice }: QuantizeSetup): SizedLayer[] {
  const names = new Set(targets.map(({ name }) => name));
  const sizeOf = (layer: Layer): number => tester.weightsOf(layer)[0]?.data.length ?? 0;
  return partThatMakes(tester.net, [choice.blob])
    .layers.filter(({ name, type }) => names.has(name) && isQuantizable(type))
    .map((layer) => ({ name: layer.name, weights: sizeOf(layer) }))
    .sort((a, b) => b.weights - a.weights);
}

function isQuantizable(type: string): boolean {
  return parameterGroup(type) !== undefined;
}

/** Any format but float32 for the weights: what asks for them gets none. */
function candidateOf(layers: readonly SizedLayer[]): Candidate {
  const weights = { kind: 'fixedPoint', bits: 2, fractionalLength: 0 } as const;
  const formats: LayerFormats = { input: float32, output: float32, weights, bias: float32 };
  return new Map(layers.map(({ name }) => [name, formats]));
}

function blind(
  { model }: RunOptions,
  { choice, tester }: QuantizeSetup,
  reason: string,
  { baseline, errorMargin }: Margin,
): UserError {
  const others = tester.net.outputs.filter((output) => output !== choice.blob);
  const advice = [
    'check that weights, data and labels belong together',
    ...(choice.isAccuracy ? [`a margin smaller than ${errorMargin} %`] : []),
    words`another score (${anyOf('scoreBlob', 'BLOB')}, BLOB[i], BLOB:mean${
      choice.pick === 'agreement' ? '' : ', agreement'
    }${others.length === 0 ? '' : `; other outputs are ${others.join(', ')}`})`,
    'a net with an Accuracy layer and labelled images',
  ];
  return new UserError(
    'score/blind',
    words`the score "${choice.name}" cannot tell a broken net from a sound one: ${
      reason
    }, where the float net scores ${formatFloat(baseline)} (margin ${String(
      errorMargin,
    )} %). Nothing was searched; what helps: ${joined(advice, '; ')}`,
    { file: model },
  );
}
