import { UserError } from '../prototxt/userError';
import type { Layer, Net } from './net';

/** The output whose first value is the score, and how it came to be chosen. */
export interface ScoreChoice {
  readonly blob: string;
  /** Whether an Accuracy layer makes it: a share between 0 and 1 of right answers. */
  readonly isAccuracy: boolean;
  /** What to tell the user where the choice was not plain; undefined otherwise. */
  readonly note: string | undefined;
}

/**
 * Chooses the net output that serves as the score. The original takes the first output; where that
 * is not an accuracy and another output is, the accuracy is preferred: of several the last one in
 * the file with the smallest `top_k`, which is the main classifier's where auxiliary ones exist.
 *
 * @param wanted blob named by the user
 * @throws UserError when the named blob is no output of the net, or the net has none
 */
export function chooseScoreBlob(net: Net, wanted: string | undefined): ScoreChoice {
  const choice = choose(net, wanted);
  const isAccuracy = net.layers.some(
    ({ type, tops }) => type === 'Accuracy' && tops[0] === choice.blob,
  );
  return { ...choice, isAccuracy };
}

function choose(net: Net, wanted: string | undefined): Omit<ScoreChoice, 'isAccuracy'> {
  const file = net.file.source.path;
  if (wanted !== undefined) {
    if (net.outputs.includes(wanted)) return { blob: wanted, note: undefined };
    throw new UserError(
      'net/no-such-output',
      `--score=${wanted} is no output of this net; its outputs are ${net.outputs.join(', ')}`,
      { file },
    );
  }
  const [first] = net.outputs;
  if (first === undefined) throw new UserError('net/no-output', 'the net has no output', { file });
  const accuracies = net.layers.filter((layer) => isAccuracyOutput(net, layer));
  if (accuracies.some((layer) => layer.tops[0] === first)) {
    const others = accuracies.length > 1 ? net.outputs.filter((blob) => blob !== first) : [];
    return {
      blob: first,
      note:
        others.length > 0
          ? `scoring by "${first}", the first output; --score=<blob> chooses another of ` +
            `${others.join(', ')}`
          : undefined,
    };
  }
  const best = accuracies.reduce<Layer | undefined>(
    (chosen, layer) => (chosen === undefined || topK(layer) <= topK(chosen) ? layer : chosen),
    undefined,
  );
  const blob = best?.tops[0];
  if (blob === undefined) {
    return {
      blob: first,
      note:
        `scoring by "${first}", the first output: the net has no Accuracy layer, and a higher ` +
        'value is taken for a better one',
    };
  }
  return {
    blob,
    note:
      `scoring by "${blob}", an accuracy, and not by the first output "${first}"; ` +
      '--score=<blob> chooses another',
  };
}

function isAccuracyOutput(net: Net, layer: Layer): boolean {
  return layer.type === 'Accuracy' && net.outputs.includes(layer.tops[0] ?? '');
}

function topK(layer: Layer): number {
  return layer.param.accuracy_param?.top_k ?? 1;
}
