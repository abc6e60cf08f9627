import { isSet } from '../../prototxt/bind';
import { float, type Value } from '../graph';
import type { ConverterDescription, Emission, LayerConverter } from '../layerConverter';
import { layerError, singleBottom } from '../layerError';
import { Steps } from '../steps';

interface Activation extends ConverterDescription {
  readonly type: string;
  readonly narrowsRange?: () => boolean;
  readonly emit: (steps: Steps, bottom: Value, emission: Emission) => Value;
}

/** A layer that makes one number of each number, each by itself. */
function elementwise({ type, emit, ...description }: Activation): LayerConverter {
  return {
    types: [type],
    ...description,
    isImagewise: () => true,
    topShapes: (layer, bottoms) => [singleBottom(layer, bottoms)],
    emit: (emission) => [
      emit(new Steps(emission), singleBottom(emission.layer, emission.bottoms), emission),
    ],
  };
}

const elu = elementwise({
  type: 'ELU',
  summary: 'x, or alpha (e^x - 1) below 0',
  params: ['elu_param'],
  emit: (steps, x, { layer }) =>
    steps.top('Elu', [x], { alpha: float(layer.param.elu_param?.alpha ?? 1) }),
});

const sigmoid = elementwise({
  type: 'Sigmoid',
  summary: '1 / (1 + e^-x)',
  params: ['sigmoid_param'],
  emit: (steps, x) => steps.top('Sigmoid', [x]),
});

const tanh = elementwise({
  type: 'TanH',
  summary: 'hyperbolic tangent',
  params: ['tanh_param'],
  emit: (steps, x) => steps.top('Tanh', [x]),
});

const absVal = elementwise({
  type: 'AbsVal',
  summary: 'absolute value',
  params: [],
  emit: (steps, x) => steps.top('Abs', [x]),
});

const bnll = elementwise({
  type: 'BNLL',
  summary: 'log(1 + e^x)',
  params: [],
  emit: (steps, x) => steps.top('Softplus', [x]),
});

const exp = elementwise({
  type: 'Exp',
  summary: 'base^(shift + scale x)',
  params: ['exp_param'],
  emit(steps, x, { layer }) {
    const { base = -1, scale = 1, shift = 0 } = layer.param.exp_param ?? {};
    const logBase = naturalLogOf(base, () =>
      layerError(layer, 'layer/param', `exp_param: base must be above 0 or -1 (e), is ${base}`),
    );
    // Two factors as in Caffe: one exponent would overflow where the product of the two does not.
    const inner = logBase * scale;
    const outer = shift === 0 ? 1 : base === -1 ? Math.exp(shift) : base ** shift;
    const exponent = inner === 1 ? x : steps.step('Mul', [x, steps.scalar(inner)], 'exponent');
    if (outer === 1) return steps.top('Exp', [exponent]);
    const power = steps.step('Exp', [exponent], 'power');
    return steps.top('Mul', [power, steps.scalar(outer)]);
  },
});

const log = elementwise({
  type: 'Log',
  summary: 'logarithm of shift + scale x to a base',
  params: ['log_param'],
  emit(steps, x, { layer }) {
    const { base = -1, scale = 1, shift = 0 } = layer.param.log_param ?? {};
    const logBase = naturalLogOf(base, () =>
      layerError(layer, 'layer/param', `log_param: base must be above 0 or -1 (e), is ${base}`),
    );
    const argument = affine(steps, x, scale, shift);
    if (logBase === 1) return steps.top('Log', [argument]);
    const natural = steps.step('Log', [argument], 'natural');
    return steps.top('Mul', [natural, steps.scalar(1 / logBase)]);
  },
});

const power = elementwise({
  type: 'Power',
  summary: '(shift + scale x)^power',
  params: ['power_param'],
  emit(steps, x, { layer }) {
    const { power: exponent = 1, scale = 1, shift = 0 } = layer.param.power_param ?? {};
    if (exponent * scale === 0) {
      const shape = steps.step('Shape', [x], 'shape', { shape: [x.shape.length], type: 'int64' });
      return steps.top('Expand', [steps.scalar(exponent === 0 ? 1 : shift ** exponent), shape]);
    }
    const base = affine(steps, x, scale, shift);
    if (exponent === 1) return steps.top('Identity', [base]);
    if (exponent === 2) return steps.top('Mul', [base, base]);
    return steps.top('Pow', [base, steps.scalar(exponent)]);
  },
});

const threshold = elementwise({
  type: 'Threshold',
  summary: '1 above the threshold, else 0',
  params: ['threshold_param'],
  emit(steps, x, { layer }) {
    const limit = steps.scalar(layer.param.threshold_param?.threshold ?? 0);
    const isAbove = steps.step('Greater', [x, limit], 'is-above', { type: 'bool' });
    return steps.top('Cast', [isAbove], { to: 1 });
  },
});

const clip = elementwise({
  type: 'Clip',
  summary: 'keeps numbers between min and max',
  params: ['clip_param'],
  narrowsRange: () => true,
  emit(steps, x, { layer }) {
    const param = layer.param.clip_param;
    if (param === undefined || !isSet(param, 'min') || !isSet(param, 'max')) {
      throw layerError(layer, 'layer/param', 'needs clip_param with min and max');
    }
    return steps.top('Clip', [x, steps.scalar(param.min), steps.scalar(param.max)]);
  },
});

const swish = elementwise({
  type: 'Swish',
  summary: 'x / (1 + e^(-beta x))',
  params: ['swish_param'],
  emit(steps, x, { layer }) {
    const beta = layer.param.swish_param?.beta ?? 1;
    const scaled = beta === 1 ? x : steps.step('Mul', [x, steps.scalar(beta)], 'scaled');
    return steps.top('Mul', [x, steps.step('Sigmoid', [scaled], 'gate')]);
  },
});

/** PReLU: a slope for negative numbers, one a channel or one for all. */
const prelu: LayerConverter = {
  types: ['PReLU'],
  summary: 'x, or a learned slope times x below 0; a slope a channel or one for all',
  params: ['prelu_param'],
  isImagewise: () => true,
  topShapes: (layer, bottoms) => [singleBottom(layer, bottoms)],
  blobShapes(layer, bottoms) {
    const bottom = singleBottom(layer, bottoms);
    if (bottom.length < 2) {
      throw layerError(layer, 'layer/bottoms', 'needs a bottom with at least 2 axes');
    }
    const isShared = layer.param.prelu_param?.channel_shared === true;
    return [{ role: 'slope', shape: isShared ? [] : [bottom[1] ?? 1] }];
  },
  emit(emission) {
    const { layer, bottoms, blobs } = emission;
    const steps = new Steps(emission);
    const x = singleBottom(layer, bottoms);
    const slope = blobs[0] as (typeof blobs)[number];
    const perChannel = [...slope.shape, ...x.shape.slice(2).map(() => 1)];
    const shape = slope.shape.length === 0 ? [] : perChannel;
    return [steps.top('PRelu', [x, steps.constant('slope', shape, slope.data)])];
  },
};

export const activations: readonly LayerConverter[] = [
  absVal,
  bnll,
  clip,
  elu,
  exp,
  log,
  power,
  prelu,
  sigmoid,
  swish,
  tanh,
  threshold,
];

/** Natural logarithm of a base, where -1 stands for e. */
function naturalLogOf(base: number, fail: () => Error): number {
  if (base !== -1 && !(base > 0)) throw fail();
  return base === -1 ? 1 : Math.log(base);
}

function affine(steps: Steps, x: Value, scale: number, shift: number): Value {
  const scaled = scale === 1 ? x : steps.step('Mul', [x, steps.scalar(scale)], 'scaled');
  return shift === 0 ? scaled : steps.step('Add', [scaled, steps.scalar(shift)], 'shifted');
}
