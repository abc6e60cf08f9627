import { UserError } from '../base/userError';
import { anyOf, inFlags, joined, option, words, type Words } from '../base/words';
import { agreementName, checkAgreementShape, chooseAgreement, softmaxOutput } from './agreement';
import { dataBlobs } from './dataBlobs';
import { describeRule } from './excludedLayers';
import { lossOutputs } from './lossWeights';
import { formatShape } from '../base/shape';
import type { Layer, Net } from './net';
import type { ScoreChoice, ScorePlace } from './scoreChoice';

/** A choice as far as it is one. */
interface Chosen extends ScorePlace {
  readonly note?: Words;
}

/**
 * Chooses the number of the net's outputs that serves as the score. The original takes the first
 * output; where that is not an accuracy and another output is, the accuracy is preferred: of several
 * the last one in the file with the smallest `top_k`, which is the main classifier's where auxiliary
 * ones exist. A loss comes before an output that is neither. Outputs that come straight from the data
 * are never scored: they are the same for every net. Of an output with several values the first is the
 * score unless told otherwise.
 *
 * A lower score is the better one where the output is a loss: the first top of a layer whose type
 * ends in `Loss`, or any top with a positive `loss_weight`.
 *
 * @param wanted named by the user: an output, `output[3]` for one of its values, `output:mean`,
 * `output:agreement`, `agreement`
 * @throws UserError when the named blob is no output of the net or comes straight from its data, or
 * the net has none
 */
export function chooseScoreBlob(net: Net, wanted: string | undefined): ScoreChoice {
  const agreeing = wantedAgreement(net, wanted);
  if (agreeing !== undefined) return chooseAgreement(net, agreeing.blob);
  const { blob, pick, note } = wanted === undefined ? choose(net) : findWanted(net, wanted);
  const isAccuracy = net.layers.some(
    ({ type, tops }) => type === 'Accuracy' && tops.includes(blob),
  );
  const isLoss = !isAccuracy && lossOutputs(net).has(blob);
  const name = pick === 'mean' ? `${blob}:mean` : pick === 0 ? blob : `${blob}[${pick}]`;
  return { blob, pick, name, isAccuracy, direction: isLoss ? 'lower' : 'higher', note };
}

/**
 * The score that a search is judged by. Unlike {@link chooseScoreBlob}, takes no output on its own that
 * is neither an accuracy nor a loss: nobody knows which way such a number is better. Where a Softmax
 * puts out class scores the agreement of these is taken.
 *
 * @throws UserError where there is no such score either, and nobody named one
 */
export function chooseSearchScore(net: Net, wanted: string | undefined): ScoreChoice {
  const choice = chooseScoreBlob(net, wanted);
  if (wanted !== undefined || choice.isAccuracy || isLossOutput(net, choice.blob)) return choice;
  const softmax = softmaxOutput(net);
  if (softmax !== undefined) {
    const agreement = chooseAgreement(net);
    const note = words`${withoutAccuracy(net)}, and there is no loss: ${agreement.note ?? ''}`;
    const other = words`${anyOf('scoreBlob', 'BLOB')} chooses another score`;
    return { ...agreement, note: words`${note}; ${other}` };
  }
  const outputs = scorable(net);
  const [first = ''] = outputs;
  throw new UserError(
    'score/none',
    words`the net has no output that says how good it is (${withoutAccuracy(net)}), no loss and no Softmax. Say what to score by: ${joined(
      outputs.map((blob) => option('scoreBlob', blob)),
      ', ',
    )} takes an output, of which a higher value counts as better (the first of several values; ${
      first
    }[1] is the second, ${first}:mean the mean of all), ${option(
      'scoreBlob',
      agreementName,
    )} how often the net decides for the class that the float net decides for`,
    { file: net.file.source.path },
  );
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
): Words | undefined {
  const values = shape.reduce((product, dim) => product * dim, 1);
  if (pick === 'agreement') {
    checkAgreementShape(net, blob, shape);
    return undefined;
  }
  if (shape.some((dim) => dim < 0)) return undefined;
  if (pick !== 'mean' && pick >= values) {
    throw new UserError(
      'net/no-such-output',
      words`${option('scoreBlob', wanted ?? name)} asks for a value that "${blob}" does not have: it has ${
        values === 1 ? 'one value, [0]' : `${values} values, [0] to [${values - 1}]`
      }`,
      { file: net.file.source.path },
    );
  }
  if (values === 1 || (wanted !== undefined && wanted !== blob) || pick !== 0) return undefined;
  const all = `"${blob}" has ${values} values (${formatShape(shape)})`;
  const [another, mean] = [option('scoreBlob', `${blob}[1]`), option('scoreBlob', `${blob}:mean`)];
  return words`${all}, and the first is the score; ${another} takes another, ${mean} the mean of all`;
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
      words`${option('scoreBlob', wanted)} is no output of this net; its outputs are ${net.outputs.join(', ')}`,
      { file: net.file.source.path },
    );
  }
  if (dataBlobs(net).has(blob)) {
    const others = scorable(net);
    throw new UserError(
      'score/data',
      words`${inFlags(words`${option('scoreBlob', wanted)}: `)}"${blob}" comes straight from the data and is the same for every net, so that it says nothing of this one; ${
        others.length === 0
          ? 'the net has no other output'
          : `outputs that the net computes are ${others.join(', ')}`
      }`,
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

/** The blob that is to agree; undefined where something else is wanted. */
function wantedAgreement(
  net: Net,
  wanted: string | undefined,
): { readonly blob: string | undefined } | undefined {
  if (wanted === undefined || net.outputs.includes(wanted)) return undefined;
  if (wanted === agreementName) return { blob: undefined };
  const suffix = `:${agreementName}`;
  const blob = wanted.endsWith(suffix) ? wanted.slice(0, -suffix.length) : '';
  return net.outputs.includes(blob) ? { blob } : undefined;
}

/** Outputs that the net computes. */
function scorable(net: Net): string[] {
  const data = dataBlobs(net);
  return net.outputs.filter((blob) => !data.has(blob));
}

/** Whether an output is made by a loss layer, or counts in the loss. */
function isLossOutput(net: Net, blob: string): boolean {
  return (
    lossOutputs(net).has(blob) ||
    net.layers.some(({ type, tops }) => type.endsWith('Loss') && tops[0] === blob)
  );
}

function choose(net: Net): Chosen {
  const file = net.file.source.path;
  const outputs = scorable(net);
  const [first] = outputs;
  if (first === undefined) {
    const detail =
      net.outputs.length === 0
        ? 'the net has no output'
        : `the net has no output of its own: ${net.outputs.join(', ')} come straight from the data`;
    throw new UserError('net/no-output', detail, { file });
  }
  const accuracies = net.layers.filter(
    (layer) => layer.type === 'Accuracy' && outputs.includes(layer.tops[0] ?? ''),
  );
  if (accuracies.some((layer) => layer.tops[0] === first)) {
    const others = accuracies.length > 1 ? outputs.filter((blob) => blob !== first) : [];
    if (others.length === 0) return { blob: first, pick: 0 };
    const another = words`${anyOf('scoreBlob', '<blob>')} chooses another of ${others.join(', ')}`;
    const note = words`scoring by "${first}", the first output; ${another}`;
    return { blob: first, pick: 0, note };
  }
  const best = accuracies.reduce<Layer | undefined>(
    (chosen, layer) => (chosen === undefined || topK(layer) <= topK(chosen) ? layer : chosen),
    undefined,
  );
  const blob = best?.tops[0];
  if (blob === undefined) {
    const loss = outputs.find((output) => isLossOutput(net, output)) ?? first;
    return { blob: loss, pick: 0, note: noteWithoutAccuracy(net, loss, loss === first) };
  }
  return {
    blob,
    pick: 0,
    note: words`scoring by "${blob}", an accuracy, and not by the first output "${first}"; ${anyOf(
      'scoreBlob',
      '<blob>',
    )} chooses another`,
  };
}

function noteWithoutAccuracy(net: Net, blob: string, isFirst: boolean): Words {
  const losses = lossOutputs(net);
  const others = net.outputs.filter((output) => output !== blob && losses.has(output));
  const meaning = losses.has(blob)
    ? 'it is a loss, of which a lower value is better'
    : 'a higher value is taken for a better one';
  const choice =
    others.length === 0
      ? ''
      : words`; ${anyOf('scoreBlob', '<blob>')} chooses another loss of ${others.join(', ')}`;
  const place = isFirst ? 'the first output' : 'the first loss';
  return words`scoring by "${blob}", ${place}: ${withoutAccuracy(net)}, and ${meaning}${choice}`;
}

/** That there is no accuracy, or which one a rule leaves out. */
function withoutAccuracy({ excluded, state }: Net): Words {
  const left = excluded.find(({ type }) => type === 'Accuracy');
  if (left === undefined) return 'the net has no Accuracy layer';
  const { name, param, place } = left;
  const layer = `the Accuracy layer "${name}" (line ${place.line})`;
  return words`${layer} takes no part: it ${describeRule(param, state)}`;
}

function topK(layer: Layer): number {
  return layer.param.accuracy_param?.top_k ?? 1;
}
