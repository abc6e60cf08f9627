import { describe, expect, it } from 'vitest';
import { readCaffemodel, type LayerWeights, type Weights } from '../../../src/caffe/caffemodel';
import { resolveWeights } from '../../../src/caffe/layerWeights';
import type { NamedShape } from '../../../src/caffe/matchWeights';
import type { Layer, Net } from '../../../src/caffe/net';
import { buildNet } from '../../../src/caffe/buildNet';
import { readNetFile } from '../../../src/caffe/netFile';
import { netState } from '../../../src/caffe/phase';
import { rememberQuantized } from '../../../src/quantize/quantizedWeights';
import { errorOf, inputs, layer, netOf } from '../../support/nets';
import { hasShared, shared } from '../../support/shared';

/** Blobs of a layer, each as its shape and the number that fills it. */
type Stored = readonly [name: string, ...blobs: (readonly [shape: number[], value: number])[]];

function weightsOf(...layers: readonly Stored[]): Weights {
  const list = layers.map(([name, ...blobs]): LayerWeights => ({
    name,
    type: undefined,
    blobs: blobs.map(([shape, value]) => ({
      shape,
      legacyShape: false,
      data: new Float32Array(shape.reduce((product, dim) => product * dim, 1)).fill(value),
    })),
  }));
  const byName = (name: string): LayerWeights | undefined => list.find((l) => l.name === name);
  return { path: 'w.caffemodel', layers: list, byName };
}

const fc = (name: string, params = '', bias = false): string =>
  layer(name, 'InnerProduct', 'x', name, `${params} inner_product_param { bias_term: ${bias} }`);
const named = (...names: string[]): string =>
  names.map((name) => `param { name: "${name}" }`).join(' ');
const shape = (...dims: number[]): NamedShape => ({ role: 'weights', shape: dims });
const layerOf = (net: Net, name: string): Layer => {
  const found = net.layers.find((l) => l.name === name);
  if (found === undefined) throw new Error(`there is no layer ${name}`);
  return found;
};

/** First number of each blob, by layer, in the order of the net. */
function firstNumbers(net: Net, weights: Weights, expected: readonly NamedShape[]): unknown {
  const resolved = resolveWeights(net, weights);
  return Object.fromEntries(
    net.layers
      .filter(({ type }) => type !== 'Input')
      .map((l) => [l.name, resolved.blobsOf(l, expected).map(({ data }) => data[0])]),
  );
}

describe('weights of which a file leaves some out', () => {
  const rows = { role: 'weights', shape: [2, 3] };
  const bias = { role: 'bias', shape: [2] };
  /** As an HDF5 file has them: `b` without the weights that `a` owns. */
  const partly = (): Weights => {
    const weights = weightsOf(['a', [[2, 3], 1], [[2], 2]], ['b', [[2], 3]]);
    return {
      ...weights,
      layers: weights.layers.map((l, i) => (i === 1 ? { ...l, indices: [1] } : l)),
    };
  };

  it('are those of the owner and their own', () => {
    const net = netOf(
      [inputs('x'), fc('a', named('w'), true), fc('b', named('w'), true)].join('\n'),
    );
    expect(firstNumbers(net, partly(), [rows, bias])).toEqual({ a: [1, 2], b: [1, 3] });
  });

  it('are missing where nobody else owns them', () => {
    const net = netOf([inputs('x'), fc('a', '', true), fc('b', '', true)].join('\n'));
    const error = errorOf(() => firstNumbers(net, partly(), [rows, bias]));
    expect(error.message).toMatch(/layer "b" .* has 1 weight blobs in this file, the net needs 2/);
  });
});

describe('weights shared by name', () => {
  const two = (second = named('w')): Net =>
    netOf([inputs('x'), fc('a', named('w')), fc('b', second)].join('\n'));

  it('are those copied last, whoever bears them', () => {
    const a: Stored = ['a', [[2, 3], 1]];
    const b: Stored = ['b', [[2, 3], 2]];
    expect(firstNumbers(two(), weightsOf(a, b), [shape(2, 3)])).toEqual({ a: [2], b: [2] });
    expect(firstNumbers(two(), weightsOf(b, a), [shape(2, 3)])).toEqual({ a: [1], b: [1] });
    const stray: Stored = ['c', [[2, 3], 3]];
    expect(firstNumbers(two(), weightsOf(a, b, stray), [shape(2, 3)])).toEqual({ a: [2], b: [2] });
  });

  it.each(['a', 'b'])('are those of %s where the file has no other', (name) => {
    const weights = weightsOf([name, [[2, 3], 5]]);
    expect(firstNumbers(two(), weights, [shape(2, 3)])).toEqual({ a: [5], b: [5] });
    expect(resolveWeights(two(), weights).notes).toEqual([]);
  });

  it('may be some of the blobs, in another order', () => {
    const net = netOf(
      [inputs('x'), fc('a', named('w', 'v'), true), fc('b', named('v', ''), true)].join('\n'),
    );
    const weights = weightsOf(['a', [[3], 1], [[3], 2]], ['b', [[3], 3], [[3], 4]]);
    expect(firstNumbers(net, weights, [shape(3), shape(3)])).toEqual({ a: [1, 3], b: [3, 4] });
  });

  it('count in the net of one phase only', () => {
    const owner = fc('t', `${named('w')} include { phase: TRAIN }`);
    const net = netOf([inputs('x'), owner, fc('a', named('w'))].join('\n'));
    const error = errorOf(() => resolveWeights(net, weightsOf(['t', [[2, 3], 1]])));
    expect(error.message).toContain('layer "a" (test.prototxt:3) has no weights in this file');
  });

  it('go through one array, whatever their formats', () => {
    const net = two();
    const shared = resolveWeights(net, weightsOf(['a', [[2, 3], 0.3]]));
    const [first] = shared.blobsOf(layerOf(net, 'a'), [shape(2, 3)]);
    const [second] = shared.blobsOf(layerOf(net, 'b'), [shape(2, 3)]);
    expect(first?.data).toBe(second?.data);
    const round = rememberQuantized();
    const format = (fractionalLength: number): Parameters<typeof round>[1] => ({
      kind: 'fixedPoint',
      bits: 8,
      fractionalLength,
    });
    if (first === undefined || second === undefined) throw new Error('both have a blob');
    expect(round(first, format(1)).data[0]).toBe(0.5);
    expect(round(second, format(2)).data[0]).toBe(0.25);
    expect(round({ ...second, shape: [6] }, format(2)).shape).toEqual([6]);
  });

  it('are those of the whole net where a part of it is asked for', () => {
    const net = two();
    const weights = weightsOf(['a', [[2, 3], 1]], ['b', [[2, 3], 2]]);
    const part = { ...net, layers: net.layers.slice(0, 2) };
    const [a] = resolveWeights(part, weights).blobsOf(layerOf(net, 'a'), [shape(2, 3)]);
    expect(a?.data[0]).toBe(2);
    expect(resolveWeights(part, weights)).toBe(resolveWeights(net, weights));
    expect(resolveWeights(two(), weights)).not.toBe(resolveWeights(net, weights));
  });

  it('have another shape where PERMISSIVE allows it, in the same order of numbers', () => {
    const net = two('param { name: "w" share_mode: PERMISSIVE }');
    const resolved = resolveWeights(net, weightsOf(['a', [[2, 3], 1]], ['b', [[3, 2], 2]]));
    const [a] = resolved.blobsOf(layerOf(net, 'a'), [shape(2, 3)]);
    const [b] = resolved.blobsOf(layerOf(net, 'b'), [shape(3, 2)]);
    expect([a?.shape, b?.shape]).toEqual([
      [2, 3],
      [3, 2],
    ]);
    expect(a?.data).toBe(b?.data);
    expect(a?.data[5]).toBe(2);
  });

  it.each([
    [
      'another shape under STRICT',
      named('w'),
      [3, 2],
      'layer "b": its weights (3x2) cannot share param "w" with layer "a" (line 2), which has ' +
        'shape 2x3 (share_mode: PERMISSIVE would allow that)',
    ],
    [
      'another count under PERMISSIVE',
      'param { name: "w" share_mode: PERMISSIVE }',
      [3, 3],
      'layer "b": its weights (3x3) cannot share param "w" with layer "a" (line 2), which has ' +
        'shape 2x3',
    ],
  ])('are refused with %s', (_, params, dims, message) => {
    const net = two(params);
    const resolved = resolveWeights(net, weightsOf(['a', [[2, 3], 1]]));
    resolved.blobsOf(layerOf(net, 'a'), [shape(2, 3)]);
    const error = errorOf(() => resolved.blobsOf(layerOf(net, 'b'), [shape(...dims)]));
    expect(error.message).toMatch(/^test\.prototxt:3:\d+: /);
    expect(error.message.endsWith(message)).toBe(true);
  });

  it('are refused where the one who has them in the file has another count', () => {
    const net = two('param { name: "w" share_mode: PERMISSIVE }');
    const resolved = resolveWeights(net, weightsOf(['b', [[3, 3], 1]]));
    const error = errorOf(() => resolved.blobsOf(layerOf(net, 'a'), [shape(2, 3)]));
    expect(error.message).toContain('(2x3) cannot share param "w"');
    expect(error.message).toContain('which has 9 numbers in w.caffemodel');
  });

  it('are not shared by the three params of a BatchNorm of old', () => {
    const params = named('m', 'm', 'm');
    const net = netOf([inputs('x'), layer('n', 'BatchNorm', 'x', 'y', params)].join('\n'));
    const weights = weightsOf(['n', [[2], 1], [[2], 2], [[1], 3]]);
    expect(firstNumbers(net, weights, [shape(2), shape(2), shape(1)])).toEqual({ n: [1, 2, 3] });
  });
});

describe('layers and the names of a caffemodel', () => {
  it('a repeated name in the file: the last with blobs', () => {
    const net = netOf([inputs('x'), fc('a')].join('\n'));
    const weights = weightsOf(['a', [[2], 1]], ['a', [[2], 2]], ['a']);
    expect(firstNumbers(net, weights, [shape(2)])).toEqual({ a: [2] });
  });

  it('a data layer of the same name does not take them', () => {
    const net = netOf(
      `layer { name: "a" type: "Input" top: "x" input_param { shape { dim: 2 } } }\n${fc('a')}`,
    );
    const resolved = resolveWeights(net, weightsOf(['a', [[2], 1]]));
    expect(resolved.blobsOf(net.layers[1] as Layer, [shape(2)])[0]?.data[0]).toBe(1);
  });

  it('a second layer of one name in the net has none, as in Caffe', () => {
    const again = layer('a', 'InnerProduct', 'x', 'z', 'inner_product_param { bias_term: false }');
    const net = netOf([inputs('x'), fc('a'), again].join('\n'));
    expect(errorOf(() => resolveWeights(net, weightsOf(['a', [[2], 1]]))).message).toBe(
      'w.caffemodel: 1 layer has no weights in this file: "a" (line 3, the second layer of this ' +
        'name) of test.prototxt; is this the caffemodel of another net?',
    );
  });

  it('all that are missing are named at once', () => {
    const convolution = layer('c', 'ConvolutionRistretto', 'x', 'c');
    const free = [
      layer('r', 'ReLU', 'x', 'r'),
      layer('s', 'Scale', 'x c', 's'),
      layer('p', 'Pooling', 'x', 'p'),
    ];
    const text = [inputs('x'), fc('a'), convolution, fc('b'), ...free, fc('d')].join('\n');
    const error = errorOf(() => resolveWeights(netOf(text), weightsOf(['b', [[2], 1]], ['d'])));
    expect(error.code).toBe('weights/missing-layer');
    expect(error.message).toBe(
      'w.caffemodel: 3 layers have no weights in this file: "a" (line 2), "c" (line 3), "d" (line ' +
        '8) of test.prototxt; is this the caffemodel of another net?',
    );
  });

  it('no more than twenty are listed', () => {
    const many = Array.from({ length: 25 }, (_, index) => fc(`f${index}`));
    const error = errorOf(() =>
      resolveWeights(netOf([inputs('x'), ...many].join('\n')), weightsOf(['x'])),
    );
    expect(error.message).toContain('25 layers have no weights in this file: "f0" (line 2), ');
    expect(error.message).toContain('"f19" (line 21) and 5 more of test.prototxt; ');
  });

  it.each([
    ['BatchNorm', '', true],
    ['Scale', '', true],
    ['Bias', '', true],
    ['PReLU', '', true],
    ['PReLU', 'prelu_param { filler { type: "msra" value: 1 } }', true],
    ['Embed', '', true],
    ['LSTM', '', true],
    ['RNN', '', true],
    ['Deconvolution', '', true],
    ['Parameter', '', true],
    ['ReLU', '', false],
    ['Unheard', '', false],
  ])('%s { %s } is missing: %s', (type, param, isMissing) => {
    const net = netOf(`${inputs('x')}\n${layer('l', type, 'x', 'y', param)}`);
    const resolve = (): unknown => resolveWeights(net, weightsOf());
    if (isMissing) expect(errorOf(resolve).code).toBe('weights/missing-layer');
    else expect(resolve).not.toThrow();
  });

  it('a layer of an unknown type that turns out to need some is named', () => {
    const net = netOf(`${inputs('x')}\n${layer('l', 'Unheard', 'x', 'y')}`);
    const resolved = resolveWeights(net, weightsOf());
    expect(errorOf(() => resolved.blobsOf(layerOf(net, 'l'), [shape(2)])).message).toContain(
      'w.caffemodel: layer "l" (test.prototxt:2) has no weights in this file; is this',
    );
  });
});

describe('layers that the caffemodel lacks and the prototxt fills', () => {
  const up = (param: string): Net =>
    netOf(
      `${inputs('x')}\n${layer('up', 'Deconvolution', 'x', 'y', `convolution_param { ${param} }`)}`,
    );
  const bilinear = 'weight_filler { type: "bilinear" } bias_term: false';

  it('bilinear: the weights that Caffe computes for kernels of 4 and 3', () => {
    const net = up(bilinear);
    const resolved = resolveWeights(net, weightsOf(['other']));
    expect(resolved.notes).toEqual([
      'layer "up" (line 2) is not in w.caffemodel: the constant and bilinear fillers of the ' +
        'prototxt give the weights',
    ]);
    const [four] = resolved.blobsOf(layerOf(net, 'up'), [shape(2, 1, 4, 4)]);
    const row = (factor: number): number[] => [0.25, 0.75, 0.75, 0.25].map((w) => w * factor);
    const kernel = [...row(0.25), ...row(0.75), ...row(0.75), ...row(0.25)];
    expect([...(four?.data ?? [])]).toEqual([...kernel, ...kernel]);
    // ceil(3 / 2) = 2, center (3 - 1) / 4 = 0.5: 1 - |x / 2 - 0.5|
    const [three] = resolved.blobsOf(layerOf(net, 'up'), [shape(1, 1, 3, 3)]);
    expect([...(three?.data ?? [])]).toEqual([0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25]);
    expect(resolved.blobsOf(layerOf(net, 'up'), [shape(1, 1, 3, 3)])[0]?.data).toBe(three?.data);
  });

  it('constant, with a bias that begins at 0', () => {
    const net = up('weight_filler { value: 0.5 } bias_filler { type: "constant" }');
    const resolved = resolveWeights(net, weightsOf());
    const blobs = resolved.blobsOf(layerOf(net, 'up'), [shape(1, 2), shape(2)]);
    expect(blobs.map(({ data }) => [...data])).toEqual([
      [0.5, 0.5],
      [0, 0],
    ]);
  });

  it('PReLU, Scale and Bias with values', () => {
    const net = netOf(
      [
        inputs('x'),
        layer('p', 'PReLU', 'x', 'p', 'prelu_param { filler { value: 0.1 } }'),
        layer('s', 'Scale', 'x', 's', 'scale_param { filler { value: 2 } }'),
        layer('b', 'Bias', 'x', 'b', 'bias_param { filler { value: 3 } }'),
      ].join('\n'),
    );
    const resolved = resolveWeights(net, weightsOf());
    expect(resolved.notes[0]).toContain('layers "p" (line 2), "s" (line 3), "b" (line 4) are not');
    expect(resolved.blobsOf(layerOf(net, 's'), [shape()])[0]?.data).toEqual(Float32Array.of(2));
  });

  it('a sharer takes the filler of the owner', () => {
    const text = [
      inputs('x'),
      fc('a', named('w')).replace('bias_term', 'weight_filler { value: 4 } bias_term'),
      fc('b', named('w')),
    ];
    const net = netOf(text.join('\n'));
    expect(firstNumbers(net, weightsOf(), [shape(2)])).toEqual({ a: [4], b: [4] });
  });

  it.each([
    ['a random filler', 'weight_filler { type: "xavier" } bias_term: false'],
    ['gaussian with a value', 'weight_filler { type: "gaussian" value: 1 } bias_term: false'],
    ['a constant without a value', 'weight_filler { type: "constant" } bias_term: false'],
    ['no filler', 'bias_term: false'],
    ['a bias without a filler', 'weight_filler { type: "bilinear" }'],
    ['a random bias', 'weight_filler { type: "bilinear" } bias_filler { type: "uniform" }'],
  ])('not with %s', (_, param) => {
    const error = errorOf(() => resolveWeights(up(param), weightsOf()));
    expect(error.code).toBe('weights/missing-layer');
  });

  it('bilinear needs square kernels of four dimensions', () => {
    const net = up(bilinear);
    const resolved = resolveWeights(net, weightsOf());
    for (const wrong of [shape(1, 1, 2, 3), shape(3, 3)]) {
      const error = errorOf(() => resolved.blobsOf(layerOf(net, 'up'), [wrong]));
      expect(error.message).toContain(
        'layer "up": a bilinear filler needs weights of shape NxCxKxK',
      );
      expect(error.place.line).toBe(2);
    }
  });

  it('a layer that is there with too few blobs is not filled', () => {
    const net = up('weight_filler { value: 1 } bias_filler { value: 0 }');
    const resolved = resolveWeights(net, weightsOf(['up', [[1], 1]]));
    expect(resolved.notes).toEqual([]);
    const error = errorOf(() => resolved.blobsOf(layerOf(net, 'up'), [shape(1), shape(1)]));
    expect(error.code).toBe('weights/blob-count');
  });
});

it.skipIf(!hasShared('reference', 'layers'))('a bilinear filler is what Caffe wrote', () => {
  const folder = shared('reference', 'layers', 'deconvolution-bilinear-group');
  const net = buildNet(readNetFile(`${folder}/net.prototxt`), netState('TEST'));
  const written = readCaffemodel(`${folder}/weights.caffemodel`);
  let compared = 0;
  for (const l of net.layers.filter(({ type }) => type === 'Deconvolution')) {
    const [blob] = written.byName(l.name)?.blobs ?? [];
    if (blob === undefined) throw new Error(`${l.name} has weights`);
    const resolved = resolveWeights(net, weightsOf(['other', [[1], 1]]));
    const [filled] = resolved.blobsOf(l, [shape(...blob.shape)]);
    expect(filled?.data).toEqual(blob.data);
    compared++;
  }
  expect(compared).toBe(1);
});
