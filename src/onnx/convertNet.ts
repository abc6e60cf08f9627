import type { WeightBlob, Weights } from '../caffe/caffemodel';
import { caffeMessage } from '../caffe/caffeSchema';
import { isRistrettoType, ristrettoType } from '../caffe/layerTypes';
import { resolveWeights } from '../caffe/layerWeights';
import { layersInPlace, sharesMemory } from '../caffe/sharedMemory';
import type { Layer, Net } from '../caffe/net';
import { float32 } from '../formats/float32';
import { readQuantizationParam } from '../formats/quantizationParam';
import type { Candidate, LayerFormats } from '../formats/layerFormats';
import type { NumberFormat } from '../formats/formats';
import type { QuantizationParameter } from '../caffe/schema';
import { BlobValue } from './blobValues';
import { checkFormats } from './checkFormats';
import type { QuantizerDialect } from './dialects';
import { GraphBuilder, type Graph, type Value } from './graph';
import type { Shape } from '../base/shape';
import type { LayerConverter, ReadBlob } from './layerConverter';
import { layerError } from './layerError';
import { Observer, type Measure, type Point, type PointOutputs } from './observations';
import { checkSupported, converterOf, sourceOf } from './registry';

export interface ConversionOptions {
  readonly weights: Weights;
  /** Shapes of tops that the net itself does not give: those of data layers. */
  readonly inputShapes: ReadonlyMap<string, Shape>;
  /** Number formats by layer; a layer not named keeps those its own type and file give. */
  readonly candidate?: Candidate;
  /** Rounds a weight blob to a number format; the caller may keep results. */
  readonly quantizeBlob: (blob: WeightBlob, format: NumberFormat) => WeightBlob;
  /** How rounding to a number format is written; step by step if absent. */
  readonly dialect?: QuantizerDialect;
  /** Points of the pass that extra outputs tell of, and what of them. */
  readonly observed?: { readonly points: Iterable<Point>; readonly measure: Measure } | undefined;
  /** Reads the files that layers name; without it a net with such a layer cannot be converted. */
  readonly readBlob?: ReadBlob | undefined;
}

/** A net as an ONNX graph; inputs and outputs are named after Caffe's blobs. */
export interface ConvertedNet {
  readonly graph: Graph;
  /** Names of the extra outputs by observed point. */
  readonly observed: ReadonlyMap<Point, PointOutputs>;
  /** Shape of every blob as its last layer leaves it. */
  readonly blobShapes: ReadonlyMap<string, Shape>;
  /** Name of the value that holds every blob, as its last layer leaves it. */
  readonly valueNames: ReadonlyMap<string, string>;
}

/**
 * Converts a net, float or quantized, to an ONNX graph of standard operators.
 *
 * A quantized layer rounds its input blob in place, as the original does: layers further down the
 * file that read the same blob, or one that shares its memory, see the rounded values. An input that is changed in place and read
 * by nobody else comes out as `<blob>:out`, since two values of a graph cannot share a name.
 *
 * @throws UserError for unsupported layers, shapes that do not fit and weights that do not match.
 */
export function convertNet(net: Net, options: ConversionOptions): ConvertedNet {
  checkSupported(net);
  const builder = new GraphBuilder(net.name || 'net', options.dialect);
  const lastWriter = new Map(net.layers.flatMap((l) => l.tops.map((top) => [top, l] as const)));
  const blobs = new Map<string, BlobValue>();
  const inputs = new Set<string>();
  const inPlace = layersInPlace(net.layers);
  const observer = new Observer(options.observed?.points ?? []);
  for (const name of net.outputs) builder.reserve(name);
  // Inputs have exactly their blobs' names, which nothing that comes before may take.
  net.layers.filter(sourceOf).forEach(({ tops }) => tops.forEach((top) => builder.reserve(top)));

  for (const layer of net.layers) {
    const source = sourceOf(layer);
    if (source !== undefined) {
      const shapes = source.sourceShapes(layer, options.inputShapes);
      layer.tops.forEach((top, i) => {
        inputs.add(top);
        blobs.set(top, BlobValue.of(builder, builder.input(top, shapes[i] ?? [])));
      });
      continue;
    }
    const converter = converterOf(layer);
    if (converter === undefined) throw new Error(`layer type ${layer.type} was checked before`);
    const formats = formatsOf(net, layer, options.candidate);
    const bottoms = layer.bottoms.map((bottom) => blobOf(blobs, layer, bottom));
    if (formats !== undefined) {
      checkFormats(layer, formats);
      for (const bottom of bottoms) bottom.quantize(formats.input);
    }
    const [input] = bottoms;
    if (input !== undefined) observer.see(layer, 'input', () => input.settle());
    const topNames = layer.tops.map((top) =>
      lastWriter.get(top) === layer ? top : `${top}:${layer.name}`,
    );
    const isInPlace = inPlace.has(layer);
    const task = { builder, net, layer, converter, bottoms, topNames, formats, inPlace: isInPlace };
    const tops = convertLayer(task, options);
    layer.tops.forEach((name, i) => {
      const top = tops[i];
      if (top === undefined) throw layerError(layer, 'layer/tops', `makes no top "${name}"`);
      if (formats !== undefined) top.quantize(formats.output);
      const bottom = bottoms[i];
      if (name === layer.bottoms[i] && bottom !== undefined && isInPlace) {
        bottom.overwrite(top);
        blobs.set(name, bottom.viewAs(top.shape));
      } else {
        blobs.set(name, top);
      }
    });
    const [output] = tops;
    if (output !== undefined) observer.see(layer, 'output', () => output.settle());
  }

  const observed = observer.addOutputs(builder, options.observed?.measure ?? 'largest');
  for (const name of net.outputs) {
    const blob = blobs.get(name);
    if (blob === undefined) throw new Error(`the net output "${name}" was not made`);
    const value = blob.settle();
    builder.output(inputs.has(name) && value.name !== name ? `${name}:out` : name, value);
  }
  const blobShapes = new Map([...blobs].map(([name, blob]) => [name, blob.shape]));
  const valueNames = new Map(
    [...blobs].map(([name, blob]) => [name, builder.finalName(blob.peek())]),
  );
  return { graph: builder.build(), observed, blobShapes, valueNames };
}

/** One layer to convert, and where. */
interface LayerTask {
  readonly builder: GraphBuilder;
  readonly net: Net;
  readonly layer: Layer;
  readonly converter: LayerConverter;
  readonly bottoms: readonly BlobValue[];
  readonly topNames: readonly string[];
  readonly inPlace: boolean;
  /** Undefined for a float layer. */
  readonly formats: LayerFormats | undefined;
}

function convertLayer(task: LayerTask, options: ConversionOptions): BlobValue[] {
  const { builder, net, layer, converter, bottoms, topNames } = task;
  const bottomShapes = bottoms.map((bottom) => bottom.shape);
  const topShapes = converter.topShapes(layer, bottomShapes);
  const [memory] = bottoms;
  if (memory !== undefined && sharesMemory(layer)) {
    return topShapes.map((shape) => memory.viewAs(shape));
  }
  const blobs = layerBlobs(task, bottomShapes, options);
  const { formats, inPlace } = task;
  const { readBlob = noFiles } = options;
  const emit = (values: readonly Value[]): Value[] => {
    if (converter.emit === undefined) throw new Error(`${layer.type} has no nodes of its own`);
    return converter.emit({
      builder,
      layer,
      phase: net.state.phase,
      inPlace,
      formats,
      bottoms: values,
      blobs,
      topShapes,
      topNames,
      readBlob,
    });
  };
  const [only] = bottoms;
  const commutes = converter.commutesWithFixedPoint?.(layer, bottomShapes) ?? false;
  if (only !== undefined && bottoms.length === 1 && commutes) {
    return [only.through((value) => emit([value])[0] ?? value)];
  }
  return emit(bottoms.map((bottom) => bottom.settle())).map((value) =>
    BlobValue.of(builder, value),
  );
}

function noFiles(source: string): never {
  throw new Error(`nobody can read "${source}" here`);
}

/** A layer's weights as the net needs them, rounded where the layer is quantized. */
function layerBlobs(
  { net, layer, converter, formats }: LayerTask,
  bottomShapes: readonly Shape[],
  { weights, quantizeBlob }: ConversionOptions,
): readonly WeightBlob[] {
  const expected = converter.blobShapes?.(layer, bottomShapes) ?? [];
  const stored = expected.length > 0 ? resolveWeights(net, weights).blobsOf(layer, expected) : [];
  if (formats === undefined) return stored;
  return stored.map((blob, i) => quantizeBlob(blob, i === 0 ? formats.weights : formats.bias));
}

/** Activations are rounded in the TEST phase only: in TRAIN the original leaves them float. */
function formatsOf(
  net: Net,
  layer: Layer,
  candidate: Candidate | undefined,
): LayerFormats | undefined {
  // Another layer may bear the name of one that is quantized.
  const isTarget = ristrettoType(layer.type) !== undefined;
  const formats = (isTarget ? candidate?.get(layer.name) : undefined) ?? fileFormats(layer);
  if (formats === undefined || net.state.phase === 'TEST') return formats;
  return { ...formats, input: float32, output: float32 };
}

/**
 * What a layer's own type and `quantization_param` say; undefined for a float layer. A layer without
 * the block has its defaults, as in the original. Every rounding is to the nearest number.
 */
function fileFormats({ type, param }: Layer): LayerFormats | undefined {
  if (!isRistrettoType(type)) return undefined;
  const { quantization_param = caffeMessage<QuantizationParameter>('QuantizationParameter', {}) } =
    param;
  return readQuantizationParam(quantization_param);
}

function blobOf(blobs: ReadonlyMap<string, BlobValue>, layer: Layer, name: string): BlobValue {
  const blob = blobs.get(name);
  if (blob === undefined) throw new Error(`blob "${name}" of ${layer.name} was checked before`);
  return blob;
}
