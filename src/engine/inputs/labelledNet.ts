import { agreementName } from '../../caffe/agreement';
import { caffeMessage } from '../../caffe/caffeSchema';
import { formatShape } from '../../base/shape';
import type { Layer, Net } from '../../caffe/net';
import { inputLayer } from '../../caffe/buildNet';
import type { LayerParameter } from '../../caffe/schema';
import { inferShapes } from '../../onnx/inferShapes';
import type { DataOptions } from './dataOptions';
import { isDataLayer } from './dataLayers';
import { labelInputs, openGivenList } from './givenInputs';

/** A net that can be scored by the labels given with its images. */
export interface LabelledNet {
  readonly net: Net;
  /** What was added; undefined where nothing was. */
  readonly note: string | undefined;
}

/**
 * Adds an accuracy to a net that ends in one score a class, where the images given for it have
 * labels that it does not read itself (a deploy definition).
 */
export function withAccuracy(
  net: Net,
  options: DataOptions & { readonly scoreBlob?: string | undefined },
): LabelledNet {
  const { images, scoreBlob } = options;
  // Agreement reads no labels: those in the list may be of other classes.
  const isAgreement = scoreBlob === agreementName || scoreBlob?.endsWith(`:${agreementName}`);
  if (isAgreement === true) return { net, note: undefined };
  const isScored = net.layers.some(({ type }) => type === 'Accuracy' || type.endsWith('Loss'));
  // A net with data of its own is told that it takes no images, when they are opened.
  const hasData = net.layers.some(isDataLayer);
  if (images === undefined || isScored || hasData || labelInputs(net).length > 0)
    return { net, note: undefined };
  const list = openGivenList(images, options, false);
  list.refuseMixedLabels();
  if (!list.hasLabels) return { net, note: undefined };
  const blob = classScores(net);
  if (blob === undefined) return { net, note: undefined };
  const [batch = 1] = blob.shape;
  const taken = new Set(net.layers.flatMap(({ tops }) => tops));
  const free = (wish: string): string => (taken.has(wish) ? `${wish} of the images` : wish);
  const [label, accuracy] = [free('label'), free('accuracy')];
  const place = { file: net.file.source.path };
  const param = caffeMessage<LayerParameter>('LayerParameter', {
    name: accuracy,
    type: 'Accuracy',
    bottom: [blob.name, label],
    top: [accuracy],
  });
  const layer: Layer = {
    name: param.name,
    type: param.type,
    bottoms: param.bottom,
    tops: param.top,
    param,
    place,
  };
  return {
    net: {
      ...net,
      layers: [...net.layers, inputLayer([label], place, [[batch]]), layer],
      outputs: [...net.outputs.filter((output) => output !== blob.name), accuracy].sort(),
    },
    note:
      `the net has no Accuracy layer: scoring by the share of images whose label has the largest ` +
      `value in "${blob.name}" (${formatShape(blob.shape)})`,
  };
}

/** The last output that holds one number a class for each image. */
function classScores(
  net: Net,
): { readonly name: string; readonly shape: readonly number[] } | undefined {
  const shapes = new Map<string, readonly number[]>();
  for (const [layer, tops] of inferShapes(net, new Map()).tops) {
    layer.tops.forEach((top, index) => shapes.set(top, tops[index] ?? []));
  }
  return net.outputs
    .map((name) => ({ name, shape: shapes.get(name) ?? [] }))
    .filter(({ shape }) => shape.length >= 2 && (shape[1] ?? 0) > 1)
    .filter(({ shape }) => shape.slice(2).every((dim) => dim === 1))
    .at(-1);
}
