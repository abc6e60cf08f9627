import { UserError } from '../prototxt/userError';
import { lossOutputs } from './lossWeights';
import { formatShape } from './matchWeights';
import type { Layer, Net } from './net';
import type { ScoreDirection } from './scoreDirection';

/**
 * The number of an output that is the score: one of its values, the mean of all, or how far its highest
 * channels agree with the float net's.
 */
export interface ScorePlace {
  readonly blob: string;
  readonly pick: number | 'mean' | 'agreement';
}

/** The score, and how it came to be chosen. */
export interface ScoreChoice extends ScorePlace {
  /** How users name it: `accuracy`, `per_class[3]`, `per_class:mean`. */
  readonly name: string;
  /** Whether an Accuracy layer makes it: a share between 0 and 1 of right answers. */
  readonly isAccuracy: boolean;
  readonly direction: ScoreDirection;
  /** What to tell the user where the choice was not plain; undefined otherwise. */
  readonly note: string | undefined;
}

/** A choice as far as it is one. */
interface Chosen extends ScorePlace {
  readonly note?: string;
}

/**
 * Chooses the number of the net's outputs that serves as the score. The original takes the first
 * output; where that is not an accuracy and another output is, the accuracy is preferred: of several
 * the last one in the file with the smallest `top_k`, which is the main classifier's where auxiliary
 * ones exist. Of an output with several values the first is the score unless told otherwise.
 *
 * A lower score is the better one where the output is a loss: the first top of a layer whose type
 * ends in `Loss`, or any top with a positive `loss_weight`.
 *
 * @param wanted named by the user: an output, `output[3]` for one of its values, `output:mean`
 * @throws UserError when the named blob is no output of the net, or the net has none
 */
export function chooseScoreBlob(net: Net, wanted: string | undefined): ScoreChoice {
  const { blob, pick, note } = wanted === undefined ? choose(net) : findWanted(net, wanted);
  const isAccuracy = net.layers.some(
    ({ type, tops }) => type === 'Accuracy' && tops.includes(blob),
  );
  const isLoss = !isAccuracy && lossOutputs(net).has(blob);
  const name = pick === 'mean' ? `${blob}:mean` : pick === 0 ? blob : `${blob}[${pick}]`;
  return { blob, pick, name, isAccuracy, direction: isLoss ? 'lower' : 'higher', note };
}

/**
 * What to tell of a chosen output once its shape is known.
 *
 * @param shape of the blob; dimensions that are not known are negative
 * @returns a note where the score is the first of several values and nobody said so
 * @throws UserError for a value that the output does not have
 */
export function checkScoreShape(
  net: Net,
  { blob, pick, name }: ScoreChoice,
  shape: readonly number[],
  wanted: string | undefined,
): string | undefined {
  const values = shape.reduce((product, dim) => product * dim, 1);
  if (shape.some((dim) => dim < 0)) return undefined;
  if (pick === 'agreement') return undefined;
  if (pick !== 'mean' && pick >= values) {
    throw new UserError(
      'net/no-such-output',
      `--score=${wanted ?? name} asks for a value that "${blob}" does not have: it has ` +
        (values === 1 ? 'one value, [0]' : `${values} values, [0] to [${values - 1}]`),
      { file: net.file.source.path },
    );
  }
  if (values === 1 || (wanted !== undefined && wanted !== blob) || pick !== 0) return undefined;
  return (
    `"${blob}" has ${values} values (${formatShape(shape)}), and the first is the score; ` +
    `--score=${blob}[1] takes another, --score=${blob}:mean the mean of all`
  );
}

/** The score in what a net put out. */
export function scoreValue({ pick }: ScorePlace, data: Float32Array): number {
  if (pick === 'agreement') throw new Error('an agreement is no value of an output');
  if (pick !== 'mean') return data[pick] ?? Number.NaN;
  return Math.fround(data.reduce((sum, value) => sum + value, 0) / data.length);
}

function findWanted(net: Net, wanted: string): Chosen {
  const { blob, pick } = parseWanted(net, wanted);
  if (!net.outputs.includes(blob)) {
    throw new UserError(
      'net/no-such-output',
      `--score=${wanted} is no output of this net; its outputs are ${net.outputs.join(', ')}`,
      { file: net.file.source.path },
    );
  }
  const isLoss = lossOutputs(net).has(blob);
  return isLoss
    ? { blob, pick, note: `"${blob}" is a loss: a lower score is better` }
    : { blob, pick };
}

/** A blob's own name comes first: it may end in what looks like a choice of values. */
function parseWanted(net: Net, wanted: string): ScorePlace {
  if (net.outputs.includes(wanted)) return { blob: wanted, pick: 0 };
  const [, blob, index] = /^(.*)(?:\[(\d+)\]|:mean)$/.exec(wanted) ?? [];
  if (blob === undefined) return { blob: wanted, pick: 0 };
  return { blob, pick: index === undefined ? 'mean' : Number(index) };
}

function choose(net: Net): Chosen {
  const file = net.file.source.path;
  const [first] = net.outputs;
  if (first === undefined) throw new UserError('net/no-output', 'the net has no output', { file });
  const accuracies = net.layers.filter((layer) => isAccuracyOutput(net, layer));
  if (accuracies.some((layer) => layer.tops[0] === first)) {
    const others = accuracies.length > 1 ? net.outputs.filter((blob) => blob !== first) : [];
    if (others.length === 0) return { blob: first, pick: 0 };
    const note =
      `scoring by "${first}", the first output; --score=<blob> chooses another of ` +
      others.join(', ');
    return { blob: first, pick: 0, note };
  }
  const best = accuracies.reduce<Layer | undefined>(
    (chosen, layer) => (chosen === undefined || topK(layer) <= topK(chosen) ? layer : chosen),
    undefined,
  );
  const blob = best?.tops[0];
  if (blob === undefined) return { blob: first, pick: 0, note: noteWithoutAccuracy(net, first) };
  return {
    blob,
    pick: 0,
    note:
      `scoring by "${blob}", an accuracy, and not by the first output "${first}"; ` +
      '--score=<blob> chooses another',
  };
}

function noteWithoutAccuracy(net: Net, first: string): string {
  const losses = lossOutputs(net);
  const others = net.outputs.filter((blob) => blob !== first && losses.has(blob));
  const meaning = losses.has(first)
    ? 'it is a loss, of which a lower value is better'
    : 'a higher value is taken for a better one';
  const choice =
    others.length === 0 ? '' : `; --score=<blob> chooses another loss of ${others.join(', ')}`;
  return `scoring by "${first}", the first output: the net has no Accuracy layer, and ${meaning}${choice}`;
}

function isAccuracyOutput(net: Net, layer: Layer): boolean {
  return layer.type === 'Accuracy' && net.outputs.includes(layer.tops[0] ?? '');
}

function topK(layer: Layer): number {
  return layer.param.accuracy_param?.top_k ?? 1;
}
