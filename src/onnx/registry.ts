import { floatType } from '../caffe/layerTypes';
import type { Layer, Net } from '../caffe/net';
import { presentType } from '../caffe/upgrade/oldTypes';
import { suggest } from '../base/suggest';
import { ifOffered, option, words, type Words } from '../base/words';
import { UserError } from '../base/userError';
import type { ConverterDescription, LayerConverter, SourceConverter } from './layerConverter';
import { activations } from './layers/activations';
import { argMax } from './layers/argMax';
import { batchNorm } from './layers/batchNorm';
import { constants } from './layers/constants';
import { crop } from './layers/crop';
import { eltwise } from './layers/eltwise';
import { forkConverters } from './layers/forks';
import { im2col } from './layers/im2col';
import { lookup } from './layers/lookup';
import { mvn } from './layers/mvn';
import { recurrentConverters } from './layers/recurrent';
import { reduction } from './layers/reduction';
import { reshaping } from './layers/reshaping';
import { scaleBias } from './layers/scaleBias';
import { slice } from './layers/slice';
import { tile } from './layers/tile';
import { accuracy } from './layers/accuracy';
import { concat } from './layers/concat';
import { convolution, deconvolution } from './layers/convolution';
import { innerProduct } from './layers/innerProduct';
import { lossConverters } from './layers/losses';
import { lrn } from './layers/lrn';
import { dropout, relu } from './layers/neuron';
import { pooling, spp } from './layers/pooling';
import { softmax } from './layers/softmax';
import { softmaxWithLoss } from './layers/softmaxWithLoss';
import { sources } from './layers/sources';

/** Every layer family there is; a new one is a file of its own and a line here. */
const converters: readonly LayerConverter[] = [
  ...activations,
  ...constants,
  ...forkConverters,
  ...lookup,
  ...lossConverters,
  ...recurrentConverters,
  ...reshaping,
  ...scaleBias,
  accuracy,
  argMax,
  batchNorm,
  concat,
  convolution,
  crop,
  deconvolution,
  dropout,
  eltwise,
  im2col,
  innerProduct,
  lrn,
  mvn,
  pooling,
  reduction,
  relu,
  slice,
  spp,
  tile,
  softmax,
  softmaxWithLoss,
];

const converterByType = new Map(
  converters.flatMap((c) => c.types.map((type) => [type, c] as const)),
);
const sourceByType = new Map(sources.flatMap((s) => s.types.map((type) => [type, s] as const)));

/** Everything that is known of layer types, for the table of them. */
export function registeredConverters(): readonly (ConverterDescription & {
  readonly types: readonly string[];
})[] {
  return [...converters, ...sources];
}

/** The converter of a layer, by its float type; undefined for sources and unknown types. */
export function converterOf(layer: Layer): LayerConverter | undefined {
  return converterByType.get(floatType(layer.type));
}

/** The source converter of a layer that brings data into the net. */
export function sourceOf(layer: Layer): SourceConverter | undefined {
  return sourceByType.get(layer.type);
}

/** Why some well-known types are left out, and what to do instead. */
const reasons: Readonly<Record<string, Words>> = {
  Python: ': its code is not part of the net',
  WindowData: words`: it cuts regions out of images for R-CNN; ${ifOffered(
    'flags',
    words`score the deploy definition with ${option('inputs')} or ${option('images')}`,
    'use a definition whose data layer reads whole images',
  )}`,
};

function reasonFor(type: string): Words {
  if (Object.hasOwn(reasons, type)) return reasons[type] ?? '';
  const today = presentType(type);
  const nearest = today === type ? suggest(type, converterByType.keys()) : today;
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`;
}

/**
 * Checks every layer of a net before any work is done.
 *
 * @throws UserError naming the first layer that cannot be converted, and all types that cannot with
 * the number of their layers and the first line
 */
export function checkSupported(net: Net): void {
  const unknown = net.layers.filter(
    (layer) => converterOf(layer) === undefined && sourceOf(layer) === undefined,
  );
  const [first] = unknown;
  if (first === undefined) return;
  const types = [...new Set(unknown.map((layer) => layer.type))].map((type) => {
    const layers = unknown.filter((layer) => layer.type === type);
    const lines = layers.length === 1 ? 'line' : `${layers.length} layers, first in line`;
    return `${type} (${lines} ${layers[0]?.place.line})`;
  });
  throw new UserError(
    'layer/unsupported',
    words`layer "${first.name}" ${
      first.type === ''
        ? 'has no type'
        : words`has type "${first.type}", which is not supported${reasonFor(first.type)}`
    }${unknown.length > 1 ? `; unsupported in this net: ${types.join(', ')}` : ''}`,
    first.place,
  );
}
