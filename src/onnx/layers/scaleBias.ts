import type { NamedShape } from '../../caffe/matchWeights';
import type { Layer } from '../../caffe/net';
import { formatShape } from '../../base/shape';
import type { Value } from '../graph';
import type { Shape } from '../../base/shape';
import type { Emission, LayerConverter } from '../layerConverter';
import { canonicalAxis, layerError } from '../layerError';
import { Steps } from '../steps';

interface Extent {
  readonly axis: number;
  /** Shape of the factors or summands: that of the bottom's axes from `axis` on. */
  readonly shape: Shape;
}

/** Scale: multiplies by a learned blob or by the second bottom, and may add a learned one. */
const scale: LayerConverter = {
  types: ['Scale'],
  summary: 'multiplies by learned factors or by a second bottom, along some axes; may add a bias',
  params: ['scale_param'],
  isImagewise: (layer) => isImagewise(layer, layer.param.scale_param),
  topShapes: (layer, bottoms) => [firstOf(layer, bottoms, layer.param.scale_param)],
  blobShapes(layer, bottoms) {
    const { shape } = extentOf(layer, bottoms, layer.param.scale_param);
    const factors: NamedShape[] = bottoms.length === 1 ? [{ role: 'factors', shape }] : [];
    const hasBias = layer.param.scale_param?.bias_term === true;
    return hasBias ? [...factors, { role: 'bias', shape }] : factors;
  },
  emit(emission) {
    const { layer, bottoms, blobs } = emission;
    const steps = new Steps(emission);
    const x = bottoms[0] as Value;
    const extent = extentOf(layer, shapesOf(bottoms), layer.param.scale_param);
    const factors = bottoms[1] ?? blobConstant(emission, steps, 0, 'factors', extent);
    const aligned = bottoms[1] === undefined ? factors : align(steps, factors, x, extent);
    const bias = blobs[bottoms.length === 1 ? 1 : 0];
    if (bias === undefined) return [steps.top('Mul', [x, aligned])];
    const product = steps.step('Mul', [x, aligned], 'product');
    const summand = blobConstant(emission, steps, blobs.indexOf(bias), 'bias', extent);
    return [steps.top('Add', [product, summand])];
  },
};

/** Bias: adds a learned blob or the second bottom. */
const bias: LayerConverter = {
  types: ['Bias'],
  summary: 'adds learned numbers or a second bottom, along some axes',
  params: ['bias_param'],
  isImagewise: (layer) => isImagewise(layer, layer.param.bias_param),
  topShapes: (layer, bottoms) => [firstOf(layer, bottoms, layer.param.bias_param)],
  blobShapes(layer, bottoms) {
    if (bottoms.length > 1) return [];
    return [{ role: 'bias', shape: extentOf(layer, bottoms, layer.param.bias_param).shape }];
  },
  emit(emission) {
    const { layer, bottoms } = emission;
    const steps = new Steps(emission);
    const x = bottoms[0] as Value;
    const extent = extentOf(layer, shapesOf(bottoms), layer.param.bias_param);
    const summand =
      bottoms[1] === undefined
        ? blobConstant(emission, steps, 0, 'bias', extent)
        : align(steps, bottoms[1], x, extent);
    return [steps.top('Add', [x, summand])];
  },
};

export const scaleBias: readonly LayerConverter[] = [scale, bias];

type AxisParam = { readonly axis: number; readonly num_axes: number } | undefined;

function isImagewise(layer: Layer, param: AxisParam): boolean {
  return layer.bottoms.length > 1 || (param?.axis ?? 1) > 0;
}

function firstOf(layer: Layer, bottoms: readonly Shape[], param: AxisParam): Shape {
  extentOf(layer, bottoms, param);
  return bottoms[0] ?? [];
}

function extentOf(layer: Layer, bottoms: readonly Shape[], param: AxisParam): Extent {
  const [bottom, second] = bottoms;
  if (bottom === undefined || bottoms.length > 2) {
    throw layerError(layer, 'layer/bottoms', `needs one or two bottoms, has ${bottoms.length}`);
  }
  if (second !== undefined && second.length === 0) return { axis: 0, shape: [] };
  const axis = canonicalAxis(layer, param?.axis ?? 1, bottom.length);
  const count = param?.num_axes ?? 1;
  if (second === undefined) {
    if (count < -1 || axis + count > bottom.length) {
      throw layerError(
        layer,
        'layer/axis',
        `num_axes ${count} from axis ${axis} on does not fit a ${bottom.length}-axis bottom`,
      );
    }
    return { axis, shape: bottom.slice(axis, count === -1 ? bottom.length : axis + count) };
  }
  if (!second.every((dim, index) => dim === bottom[axis + index])) {
    throw layerError(
      layer,
      'layer/shapes',
      `the second bottom (${formatShape(second)}) does not fit the first ` +
        `(${formatShape(bottom)}) from axis ${axis} on`,
    );
  }
  return { axis, shape: second };
}

function shapesOf(values: readonly Value[]): Shape[] {
  return values.map(({ shape }) => shape);
}

/** Trailing axes of size 1, so that ONNX lines the numbers up with the right axes of the bottom. */
function trailing(rank: number, { axis, shape }: Extent): number {
  return shape.length === 0 ? 0 : rank - axis - shape.length;
}

function blobConstant(
  { blobs, bottoms }: Emission,
  steps: Steps,
  index: number,
  part: string,
  extent: Extent,
): Value {
  const ones = new Array<number>(trailing(bottoms[0]?.shape.length ?? 0, extent)).fill(1);
  const data = blobs[index]?.data ?? new Float32Array();
  return steps.constant(part, [...extent.shape, ...ones], data);
}

function align(steps: Steps, value: Value, bottom: Value, extent: Extent): Value {
  const count = trailing(bottom.shape.length, extent);
  if (count === 0) return value;
  const axes = Array.from({ length: count }, (_, i) => value.shape.length + i);
  return steps.step('Unsqueeze', [value, steps.integers('new-axes', axes)], 'aligned', {
    shape: [...value.shape, ...axes.map(() => 1)],
  });
}
