import type { WeightBlob } from '../caffe/caffemodel';
import type { NamedShape } from '../caffe/matchWeights';
import type { Layer } from '../caffe/net';
import type { LayerFormats } from '../formats/layerFormats';
import type { LayerParameter, Phase } from '../caffe/schema';
import type { GraphBuilder, Value } from './graph';
import type { Shape } from '../base/shape';

/** What a converter gets when its layer's nodes are to be written. */
export interface Emission {
  readonly builder: GraphBuilder;
  readonly layer: Layer;
  readonly phase: Phase;
  /** The first top is, in Caffe, the memory of the first bottom: the layer writes over what it reads. */
  readonly inPlace: boolean;
  readonly bottoms: readonly Value[];
  /** The layer's weights, in Caffe's order, already quantized where the candidate says so. */
  readonly blobs: readonly WeightBlob[];
  readonly topShapes: readonly Shape[];
  /** What the layer is to round; undefined for a float layer. */
  readonly formats: LayerFormats | undefined;
  /** Name to wish for the value of a top. */
  readonly topNames: readonly string[];
  /** Reads a BlobProto file that the layer names. @throws UserError where it cannot be read */
  readonly readBlob: ReadBlob;
}

/** Gives the numbers of a BlobProto file, by the path that a prototxt gives. */
export type ReadBlob = (source: string) => { readonly shape: Shape; readonly data: Float32Array };

/** What the table of layer types says of a converter. */
export interface ConverterDescription {
  /** One line: what the layer computes. */
  readonly summary: string;
  /** Fields of LayerParameter that hold its settings. */
  readonly params: readonly ParamField[];
  /** Settings among these that are refused or change nothing, in words; absent where there are none. */
  readonly limits?: string;
}

/** Fields of LayerParameter that hold the settings of one family of layers. */
export type ParamField = Extract<keyof LayerParameter, `${string}_param`>;

/** A pair of bottoms of which the second picks entries along an axis of the first. */
export interface LabelUse {
  /** Which bottom holds the scores. */
  readonly scores: number;
  /** Which bottom holds the labels. */
  readonly labels: number;
  /** Axis of the classes, possibly counted from the end. */
  readonly axis: number;
  /** Whether all axes from there on together are the classes. */
  readonly isFlat?: true;
  /** The label that does not count, which may lie outside of the classes. */
  readonly ignored: number | undefined;
}

/** One family of Caffe layer types: its shapes and its ONNX nodes. */
export interface LayerConverter extends ConverterDescription {
  /** Float layer types; the Ristretto types share their float type's converter. */
  readonly types: readonly string[];
  /** Shapes of the tops. @throws UserError where the bottoms do not fit the layer. */
  topShapes(layer: Layer, bottoms: readonly Shape[]): Shape[];
  /** Shapes the layer's weights must have; absent for layers without weights. */
  blobShapes?(layer: Layer, bottoms: readonly Shape[]): NamedShape[];
  /**
   * Whether `layer(quantize(x)) = quantize(layer(x))` holds to the bit for fixed point, so that
   * quantizing may wait until after the layer, where there are fewer values.
   */
  commutesWithFixedPoint?(layer: Layer, bottoms: readonly Shape[]): boolean;
  /**
   * Whether numbers that lie beyond the largest magnitude of what the layer puts out may be clipped to
   * it beforehand: `layer(clip(x, -m, m)) = layer(x)` for `m = max |layer(x)|`. What is put out then
   * tells the range of what goes in as far as that matters.
   */
  narrowsRange?(layer: Layer, phase: Phase): boolean;
  /**
   * Whether each image of a batch goes through the layer by itself in a phase. Absent means no: then
   * a batch is never run in pieces.
   */
  isImagewise?(layer: Layer, phase: Phase): boolean;
  /** Bottoms that are labels, so that they can be checked before they pick anything. */
  labels?(layer: Layer): readonly LabelUse[];
  /**
   * Writes the nodes and returns one value a top. Absent where the tops are always the memory of the
   * bottom (see `sharesMemory`).
   */
  emit?(emission: Emission): Value[];
}

/** A layer that brings data into the net: its tops become graph inputs. */
export interface SourceConverter extends ConverterDescription {
  readonly types: readonly string[];
  /**
   * Shapes of the tops.
   * @param known shapes found out elsewhere (a data layer's from its records)
   */
  sourceShapes(layer: Layer, known: ReadonlyMap<string, Shape>): Shape[];
}
