import { UserError } from '../base/userError';
import { joined, option, words } from '../base/words';
import { dataBlobs } from './dataBlobs';
import { formatShape } from '../base/shape';
import type { Layer, Net } from './net';
import type { ScoreChoice } from './scoreChoice';

/** Name by which users ask for the share of images on which a net agrees with its float self. */
export const agreementName = 'agreement';

/** What compares class scores with labels: its first bottom holds one channel a class. */
const classJudges: ReadonlySet<string> = new Set([
  'Accuracy',
  'SoftmaxWithLoss',
  'MultinomialLogisticLoss',
  'InfogainLoss',
  'HingeLoss',
]);

/** Layers that pass on what they read, at most in another order or form. */
const passing: ReadonlySet<string> = new Set([
  'Dropout',
  'Flatten',
  'Permute',
  'Reshape',
  'Split',
  'Silence',
]);

/** Layers that put out boxes, or places of boxes. */
const boxTypes: ReadonlySet<string> = new Set([
  'DecodeBBox',
  'DetectionEvaluate',
  'DetectionOutput',
  'PriorBox',
  'Proposal',
  'Region',
  'RegionOutput',
  'Reorg',
  'Yolo',
  'YoloDetectionOutput',
  'Yolov3DetectionOutput',
]);
/** What people call blobs of boxes. */
const boxNames = /bbox|(^|[_-])(box|boxes|loc|locs|rois?|priors?|priorbox|landmarks?)([_-]|\d|$)/i;

/**
 * Agreement with the float net as the score: the share of images, or of places of an image, whose
 * highest channel is the float net's. It needs no labels. Class scores are taken: an output of a
 * Softmax, else what an Accuracy layer or a loss compares with labels, else the only output there is.
 *
 * @param wanted the output whose highest channel counts, where the user names one
 * @throws UserError for a net that puts out no class scores, or several outputs that may be some
 */
export function chooseAgreement(net: Net, wanted?: string): ScoreChoice {
  const blob = wanted ?? classScores(net);
  const reason = notClasses(net, blob);
  if (reason !== undefined) throw noClasses(net, blob, reason);
  return {
    blob,
    pick: 'agreement',
    name: wanted === undefined ? agreementName : `${wanted}:${agreementName}`,
    isAccuracy: true,
    direction: 'higher',
    note: `scoring by how often the highest value of "${blob}" is where the float net has it`,
  };
}

/** The last output that a Softmax over channels makes, the main classifier's where there are several. */
export function softmaxOutput(net: Net): string | undefined {
  const data = dataBlobs(net);
  return net.layers
    .filter((layer) => isClassSoftmax(makerOf(net, layer.tops[0])))
    .flatMap(({ tops }) => tops)
    .filter((top) => net.outputs.includes(top) && !data.has(top))
    .at(-1);
}

/**
 * Refuses agreement where the shape shows that there is nothing to agree on.
 *
 * @param shape of the blob; dimensions that are not known are negative
 * @throws UserError for one channel, of which the highest is always the same
 */
export function checkAgreementShape(net: Net, blob: string, shape: readonly number[]): void {
  const channels = shape[1] ?? 1;
  if (channels < 0 || channels > 1) return;
  throw noClasses(
    net,
    blob,
    `has one channel (${formatShape(shape)}), so that every net agrees with every other`,
  );
}

function classScores(net: Net): string {
  const softmax = softmaxOutput(net);
  if (softmax !== undefined) return softmax;
  const judges = net.layers.filter(
    ({ type, bottoms }) => classJudges.has(type) && bottoms.length >= 2,
  );
  const judge = judges.filter(({ type }) => type === 'Accuracy').at(-1) ?? judges.at(-1);
  const judged = judge?.bottoms[0];
  if (judged !== undefined) return judged;
  const data = dataBlobs(net);
  const outputs = net.outputs.filter((output) => !data.has(output));
  const candidates = outputs.filter((output) => notClasses(net, output) === undefined);
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  const { path: file } = net.file.source;
  if (outputs.length === 0) throw new UserError('net/no-output', 'the net has no output', { file });
  if (only === undefined) {
    const first = outputs[0] ?? '';
    throw noClasses(net, first, notClasses(net, first) ?? '');
  }
  throw new UserError(
    'score/agreement',
    words`the net has ${String(candidates.length)} outputs that may be class scores (${candidates.join(
      ', ',
    )}) and no Softmax among them: say which with ${option('scoreBlob', `${only}:${agreementName}`)}`,
    { file },
  );
}

/** Why a blob holds no class scores as far as the layers tell; undefined where it may. */
function notClasses(net: Net, blob: string): string | undefined {
  if (dataBlobs(net).has(blob)) return 'comes straight from the data';
  const maker = makerOf(net, blob);
  if (maker === undefined) return undefined;
  if (boxTypes.has(maker.type)) return `holds boxes (layer "${maker.name}", ${maker.type})`;
  if (maker.type.endsWith('Loss') && maker.tops[0] === blob) return 'is a loss';
  if (maker.type === 'Accuracy') return 'is an accuracy';
  if (isClassSoftmax(maker)) return undefined;
  if (maker.type === 'Softmax') return 'has its classes along another axis than the channels';
  return boxNames.test(blob) ? 'holds boxes, by its name' : undefined;
}

function noClasses(net: Net, blob: string, reason: string): UserError {
  const data = dataBlobs(net);
  const others = net.outputs.filter((output) => !data.has(output) && output !== blob);
  const examples = [blob, ...others]
    .slice(0, 3)
    .map((output) => option('scoreBlob', `${output}:mean`));
  return new UserError(
    'score/agreement',
    words`agreement compares which class scores highest, and "${blob}" ${
      reason
    }; score by a number instead: a net with an Accuracy or loss layer by that, else one value of an output (${option(
      'scoreBlob',
      `${blob}[1]`,
    )}) or a mean (${joined(examples, ', ')})`,
    { file: net.file.source.path },
  );
}

function isClassSoftmax(layer: Layer | undefined): boolean {
  if (layer?.type !== 'Softmax') return false;
  return (layer.param.softmax_param?.axis ?? 1) === 1;
}

/** The layer that a blob's numbers come from, behind layers that only pass them on. */
function makerOf(net: Net, blob: string | undefined): Layer | undefined {
  let wanted = blob;
  let end = net.layers.length;
  for (;;) {
    const index = net.layers.slice(0, end).findLastIndex(({ tops }) => tops.includes(wanted ?? ''));
    const maker = net.layers[index];
    if (maker === undefined || !passing.has(maker.type)) return maker;
    wanted = maker.bottoms[0];
    end = index;
  }
}
