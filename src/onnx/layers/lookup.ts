import { formatShape } from '../../base/shape';
import type { Layer } from '../../caffe/net';
import type { EmbedParameter } from '../../caffe/schema';
import { unknownDimension, type Value } from '../graph';
import type { LayerConverter } from '../layerConverter';
import { layerError, singleBottom, twoBottoms } from '../layerError';
import { Steps } from '../steps';

/** Embed: a learned row for each index. */
const embed: LayerConverter = {
  types: ['Embed'],
  summary: 'a learned row for each index in its bottom; may add a bias',
  params: ['embed_param'],
  isImagewise: () => true,
  topShapes: (layer, bottoms) => [[...singleBottom(layer, bottoms), embedParam(layer).num_output]],
  blobShapes(layer) {
    const { num_output, input_dim, bias_term } = embedParam(layer);
    const rows = { role: 'rows', shape: [input_dim, num_output] };
    return bias_term ? [rows, { role: 'bias', shape: [num_output] }] : [rows];
  },
  emit(emission) {
    const { layer, bottoms, blobs, topShapes } = emission;
    const steps = new Steps(emission);
    const [rows, bias] = blobs.map(({ shape, data }, index) =>
      steps.constant(index === 0 ? 'rows' : 'bias', shape, data),
    );
    const inputs = [rows as Value, indices(steps, singleBottom(layer, bottoms))] as const;
    if (bias === undefined) return [steps.top('Gather', inputs, { axis: 0 })];
    const shape = topShapes[0] ?? [];
    const found = steps.step('Gather', inputs, 'found', { shape, attributes: { axis: 0 } });
    return [steps.top('Add', [found, bias])];
  },
};

/** BatchReindex: picks entries of the first axis by the indices of the second bottom. */
const batchReindex: LayerConverter = {
  types: ['BatchReindex'],
  summary: 'picks images of the first bottom by the indices in the second',
  params: [],
  topShapes(layer, bottoms) {
    const [bottom, picked] = twoBottoms(layer, bottoms);
    if (picked.length !== 1) {
      throw layerError(
        layer,
        'layer/shapes',
        `the second bottom must be a list of indices, is ${formatShape(picked)}`,
      );
    }
    return [[picked[0] ?? 0, ...bottom.slice(1)]];
  },
  emit(emission) {
    const steps = new Steps(emission);
    const [bottom, picked] = twoBottoms(emission.layer, emission.bottoms);
    return [steps.top('Gather', [bottom, indices(steps, picked)], { axis: 0 })];
  },
};

/** Filter: keeps the images whose entry in the last bottom is not 0. */
const filter: LayerConverter = {
  types: ['Filter'],
  summary: 'keeps the images that the last bottom selects; how many is known at run time only',
  params: [],
  limits: 'layers that need to know the number of images cannot follow',
  topShapes(layer, bottoms) {
    const selector = bottoms.at(-1);
    if (selector === undefined || bottoms.length < 2 || layer.tops.length !== bottoms.length - 1) {
      throw layerError(
        layer,
        'layer/bottoms',
        `needs a selector and as many other bottoms as tops, has ${bottoms.length} bottoms and ` +
          `${layer.tops.length} tops`,
      );
    }
    if (selector.slice(1).some((dim) => dim !== 1)) {
      throw layerError(
        layer,
        'layer/shapes',
        `the selector must have one number an image, is ${formatShape(selector)}`,
      );
    }
    return bottoms.slice(0, -1).map((bottom) => {
      if (bottom[0] === selector[0]) return [unknownDimension, ...bottom.slice(1)];
      throw layerError(
        layer,
        'layer/shapes',
        `the selector has ${selector[0]} entries, a bottom of shape ${formatShape(bottom)} does not`,
      );
    });
  },
  emit(emission) {
    const { layer, bottoms } = emission;
    const steps = new Steps(emission);
    const selector = bottoms.at(-1);
    if (selector === undefined) throw new Error(`the bottoms of ${layer.name} were checked before`);
    const shape = [selector.shape[0] ?? 0];
    const flat = steps.step('Reshape', [selector, steps.integers('list', [-1])], 'selector', {
      shape,
    });
    const isKept = steps.step('Cast', [flat], 'is-kept', { type: 'bool', attributes: { to: 9 } });
    return bottoms
      .slice(0, -1)
      .map((bottom, index) => steps.top('Compress', [bottom, isKept], { axis: 0 }, index));
  },
};

export const lookup: readonly LayerConverter[] = [embed, batchReindex, filter];

function embedParam(layer: Layer): EmbedParameter {
  const param = layer.param.embed_param;
  if (param === undefined || !(param.num_output > 0) || !(param.input_dim > 0)) {
    throw layerError(
      layer,
      'layer/param',
      'needs embed_param with num_output and input_dim above 0',
    );
  }
  return param;
}

function indices(steps: Steps, from: Value): Value {
  return steps.step('Cast', [from], 'indices', { type: 'int64', attributes: { to: 7 } });
}
