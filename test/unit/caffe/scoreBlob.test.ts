import { said } from '../../support/said';
import { describe, expect, it } from 'vitest';
import { lossWeights } from '../../../src/caffe/lossWeights';
import {
  checkScoreShape,
  chooseScoreBlob,
  chooseSearchScore,
  scoreValue,
} from '../../../src/caffe/scoreBlob';
import { errorOf, inputs, layer, netOf } from '../../support/nets';

const head = inputs('x', 'label');
const accuracy = (top: string, topK?: number): string =>
  layer(
    top,
    'Accuracy',
    'x label',
    top,
    topK === undefined ? '' : `accuracy_param { top_k: ${topK} }`,
  );
const loss = (top: string, param = ''): string =>
  layer(top, 'SoftmaxWithLoss', 'x label', top, param);

/** Three classifiers, each with a loss, top-1 and top-5 accuracy, the main one last. */
const googlenet =
  head +
  ['loss1', 'loss2', 'loss3']
    .map(
      (name, i) =>
        loss(`${name}/loss${i + 1}`) + accuracy(`${name}/top-1`) + accuracy(`${name}/top-5`, 5),
    )
    .join('');

describe('the output that is the score', () => {
  it.each([
    [
      'the first output where that is an accuracy',
      head + loss('loss') + accuracy('accuracy'),
      'accuracy',
      undefined,
    ],
    ['the only output', head + accuracy('acc'), 'acc', undefined],
    [
      'an accuracy before the first output',
      head + loss('a_loss') + accuracy('z_acc'),
      'z_acc',
      /not by the first output "a_loss"/,
    ],
    [
      'the first of two accuracies that lead',
      head + accuracy('acc1') + accuracy('acc5', 5),
      'acc1',
      /another of acc5/,
    ],
    [
      'the first output though it is a top-5',
      head + accuracy('a5', 5) + accuracy('b1'),
      'a5',
      /another of b1/,
    ],
    [
      'the smallest top_k',
      head + loss('a') + accuracy('t5', 5) + accuracy('t1') + accuracy('t3', 3),
      't1',
      /an accuracy/,
    ],
    [
      'the last accuracy of the same top_k',
      head + loss('a') + accuracy('t1') + accuracy('t2'),
      't2',
      /an accuracy/,
    ],
    ['the top-1 of the main classifier of GoogLeNet', googlenet, 'loss3/top-1', /"loss1\/loss1"/],
    [
      'a loss without an accuracy, before an output that is neither',
      head + loss('z') + layer('r', 'ReLU', 'x', 'b'),
      'z',
      /the first loss: the net has no Accuracy layer/,
    ],
    [
      'the first output where none is an accuracy or a loss',
      head + layer('r', 'ReLU', 'x', 'b'),
      'b',
      /no Accuracy layer/,
    ],
    [
      'no accuracy that another layer reads',
      head + accuracy('a') + layer('r', 'ReLU', 'a', 'b') + loss('c'),
      'c',
      /no Accuracy layer/,
    ],
  ])('%s', (_, prototxt, blob, note) => {
    const choice = chooseScoreBlob(netOf(prototxt), undefined);
    expect(choice.blob).toBe(blob);
    expect(choice.isAccuracy).toBe(!['b', 'c', 'z'].includes(blob));
    if (note === undefined) expect(choice.note).toBeUndefined();
    else expect(said(choice.note)).toMatch(note);
  });

  it('is the one the user names', () => {
    expect(chooseScoreBlob(netOf(googlenet), 'loss1/top-5')).toEqual({
      blob: 'loss1/top-5',
      pick: 0,
      name: 'loss1/top-5',
      isAccuracy: true,
      direction: 'higher',
      note: undefined,
    });
    expect(chooseScoreBlob(netOf(googlenet), 'loss1/loss1')).toMatchObject({
      isAccuracy: false,
      direction: 'lower',
      note: '"loss1/loss1" is a loss: a lower score is better',
    });
  });

  it.each(['nothing', 'x', ''])('cannot be "%s", which is no output', (wanted) => {
    const error = errorOf(() => chooseScoreBlob(netOf(head + accuracy('acc')), wanted));
    expect(error.code).toBe('net/no-such-output');
    expect(said(error.said)).toContain(`test.prototxt: --score=${wanted} is no output of this net`);
    expect(said(error.said)).toContain('acc');
  });

  it('does not exist in a net without outputs', () => {
    const net = netOf(inputs('x') + layer('s', 'Silence', 'x', ''));
    expect(errorOf(() => chooseScoreBlob(net, undefined)).code).toBe('net/no-output');
  });
});

describe('which scores are better', () => {
  const first = (layers: string): unknown => {
    const { blob, direction } = chooseScoreBlob(netOf(head + layers), undefined);
    return [blob, direction];
  };

  it.each([
    ['an accuracy', accuracy('acc') + loss('b'), ['acc', 'higher']],
    ['a loss', loss('b'), ['b', 'lower']],
    ['a loss of another kind', layer('e', 'EuclideanLoss', 'x label', 'e'), ['e', 'lower']],
    ['a loss that is only watched', loss('b', 'loss_weight: 0'), ['b', 'lower']],
    ['a gain: a negative weight', loss('b', 'loss_weight: -1'), ['b', 'higher']],
    [
      'any layer with a loss_weight',
      layer('r', 'ReLU', 'x', 'a', 'loss_weight: 5'),
      ['a', 'lower'],
    ],
    ['a plain output', layer('r', 'ReLU', 'x', 'a'), ['a', 'higher']],
    [
      'a loss before its probabilities',
      layer('l', 'SoftmaxWithLoss', 'x label', 'z_loss a_prob'),
      ['z_loss', 'lower'],
    ],
  ])('%s', (_, layers, wanted) => expect(first(layers)).toEqual(wanted));

  it('are told with the choice', () => {
    const note = (layers: string): string =>
      said(chooseScoreBlob(netOf(head + layers), undefined).note);
    expect(note(loss('b'))).toBe(
      'scoring by "b", the first output: the net has no Accuracy layer, and it is a loss, of ' +
        'which a lower value is better',
    );
    expect(note(loss('b') + loss('c'))).toMatch(/--score=<blob> chooses another loss of c$/);
    expect(note(layer('r', 'ReLU', 'x', 'a') + loss('c'))).toBe(
      'scoring by "c", the first loss: the net has no Accuracy layer, and it is a loss, of which ' +
        'a lower value is better',
    );
    expect(note(layer('r', 'ReLU', 'x', 'a'))).toMatch(/a higher value is taken for a better one$/);
  });
});

const fc = (bottom: string, top: string): string =>
  layer(top, 'InnerProduct', bottom, top, 'inner_product_param { num_output: 2 }');

describe('outputs that come straight from the data', () => {
  const out = fc('x', 'out');
  it.each([
    ['a label', out],
    ['a slice of it', layer('s', 'Slice', 'label', 'a b') + out],
    ['a copy', layer('s', 'Split', 'label', 'a b') + layer('f', 'Flatten', 'a', 'c') + out],
    ['one changed in place', layer('r', 'ReLU', 'label', 'label') + out],
    ['an accuracy of data', layer('a', 'Accuracy', 'x label', 'acc') + out],
  ])('are never scored: %s', (_, layers) => {
    const net = netOf(head + layers);
    expect(chooseScoreBlob(net, undefined).blob).toBe('out');
    for (const output of net.outputs.filter((blob) => blob !== 'out')) {
      const error = errorOf(() => chooseScoreBlob(net, output));
      expect(error.code).toBe('score/data');
      expect(said(error.said)).toContain(
        `--score=${output}: "${output}" comes straight from the data and is the same for every ` +
          'net, so that it says nothing of this one; outputs that the net computes are out',
      );
    }
  });

  it('leave a net without others nothing to score', () => {
    const error = errorOf(() =>
      chooseScoreBlob(netOf(head + out + layer('s', 'Silence', 'out', '')), undefined),
    );
    expect(said(error.said)).toContain('no output of its own: label come straight from the data');
  });

  it('are not those that weights have a part in', () => {
    const net = netOf(head + fc('x', 'y') + layer('e', 'Eltwise', 'y label', 'a'));
    expect(chooseScoreBlob(net, undefined).blob).toBe('a');
  });
});

describe('what a search is judged by', () => {
  const search = (layers: string, wanted?: string): ReturnType<typeof chooseSearchScore> =>
    chooseSearchScore(netOf(head + layers), wanted);

  it('is an accuracy or a loss as for scoring', () => {
    expect(search(fc('x', 'y') + layer('l', 'SoftmaxWithLoss', 'y label', 'z'))).toMatchObject({
      blob: 'z',
      direction: 'lower',
    });
    expect(search(fc('x', 'y') + layer('a', 'Accuracy', 'y label', 'z')).isAccuracy).toBe(true);
  });

  it('is else the agreement of class scores, which is said', () => {
    const layers = fc('x', 'b') + fc('x', 'y') + layer('p', 'Softmax', 'y', 'prob');
    const { blob, pick, note } = search(layers);
    expect([blob, pick]).toEqual(['prob', 'agreement']);
    expect(said(note)).toMatch(
      /^the net has no Accuracy layer, and there is no loss: scoring by how often/,
    );
    expect(search(layers + layer('d', 'Dropout', 'prob', 'q')).blob).toBe('q');
  });

  it('is no output of which nobody knows what it means, unless asked for', () => {
    const error = errorOf(() => search(fc('x', 'a') + fc('x', 'b')));
    expect(error.code).toBe('score/none');
    expect(said(error.said)).toMatch(/--score=a, --score=b takes an output.*--score=agreement/);
    expect(search(fc('x', 'a'), 'a[1]')).toMatchObject({ blob: 'a', pick: 1 });
  });
});

describe('agreement', () => {
  const agree = (layers: string, wanted = 'agreement'): ReturnType<typeof chooseScoreBlob> =>
    chooseScoreBlob(netOf(head + layers), wanted);

  it.each([
    [
      'a Softmax before other outputs',
      fc('x', 'a') + layer('p', 'Softmax', 'a', 'prob') + fc('x', 'b'),
      'prob',
    ],
    [
      'the scores that an accuracy reads',
      fc('x', 'a') + layer('l', 'Accuracy', 'a label', 'z') + fc('x', 'b'),
      'a',
    ],
    ['the only output', fc('x', 'a'), 'a'],
    ['the only one that holds no boxes', fc('x', 'a') + fc('x', 'bbox_pred'), 'a'],
  ])('takes %s', (_, layers, blob) => {
    expect(agree(layers)).toMatchObject({ blob, pick: 'agreement', name: 'agreement' });
  });

  it('takes the output that is named', () => {
    expect(agree(fc('x', 'a') + fc('x', 'b'), 'b:agreement')).toMatchObject({
      blob: 'b',
      pick: 'agreement',
      name: 'b:agreement',
    });
  });

  it.each([
    ['boxes', layer('d', 'DetectionOutput', 'b x label', 'found'), /holds boxes .*"d", Detection/],
    ['regions', layer('d', 'Region', 'b', 'found'), /holds boxes/],
    ['blobs called boxes', fc('b', 'bbox_pred'), /holds boxes, by its name/],
    ['a loss', layer('d', 'EuclideanLoss', 'b label', 'cost'), /is a loss/],
    [
      'classes along another axis',
      layer('d', 'Softmax', 'b', 'p', 'softmax_param { axis: 2 }'),
      /another axis/,
    ],
    [
      'several that may be classes',
      fc('b', 'c') + fc('b', 'd'),
      /say which with --score=c:agreement/,
    ],
  ])('is refused for %s', (_, layers, message) => {
    const error = errorOf(() => agree(fc('x', 'b') + layers + layer('s', 'Silence', 'label', '')));
    expect(error.code).toBe('score/agreement');
    expect(said(error.said)).toMatch(message);
  });

  it('is refused for one channel, of which the highest is always the same', () => {
    const net = netOf(head + fc('x', 'a'));
    const choice = chooseScoreBlob(net, 'agreement');
    const check = (shape: readonly number[]): unknown =>
      checkScoreShape(net, choice, shape, 'agreement');
    expect(check([1, 2, 4, 4])).toBeUndefined();
    expect(check([-1, -1])).toBeUndefined();
    expect(errorOf(() => check([1, 1, 4, 4])).message).toMatch(/"a" has one channel \(1x1x4x4\)/);
    expect(errorOf(() => check([4])).message).toMatch(/has one channel/);
  });
});

describe('one of several values', () => {
  const perClass = netOf(head + layer('acc', 'Accuracy', 'x label', 'acc classes'));

  it.each([
    ['classes', { blob: 'classes', pick: 0, name: 'classes' }],
    ['classes[0]', { blob: 'classes', pick: 0, name: 'classes' }],
    ['classes[3]', { blob: 'classes', pick: 3, name: 'classes[3]' }],
    ['classes:mean', { blob: 'classes', pick: 'mean', name: 'classes:mean' }],
  ] as const)('%s', (wanted, choice) => {
    expect(chooseScoreBlob(perClass, wanted)).toMatchObject({ ...choice, isAccuracy: true });
  });

  it.each(['classes[-1]', 'classes[x]', 'classes:median', 'others[1]', '[1]'])(
    'is not "%s"',
    (wanted) => {
      const error = errorOf(() => chooseScoreBlob(perClass, wanted));
      expect(said(error.said)).toContain(`--score=${wanted} is no output of this net`);
    },
  );

  it('does not take a blob for a choice that is called like one', () => {
    const net = netOf(head + layer('a', 'ReLU', 'x', 'a[1]') + layer('b', 'ReLU', 'x', 'b:mean'));
    expect(chooseScoreBlob(net, 'a[1]')).toMatchObject({ blob: 'a[1]', pick: 0 });
    expect(chooseScoreBlob(net, 'b:mean')).toMatchObject({ blob: 'b:mean', pick: 0 });
  });

  it('is picked from what the net put out', () => {
    const data = Float32Array.of(1, 2, 6);
    expect(scoreValue({ blob: 'y', pick: 0 }, data)).toBe(1);
    expect(scoreValue({ blob: 'y', pick: 2 }, data)).toBe(6);
    expect(scoreValue({ blob: 'y', pick: 'mean' }, data)).toBe(3);
    expect(scoreValue({ blob: 'y', pick: 3 }, data)).toBeNaN();
    expect(scoreValue({ blob: 'y', pick: 'mean' }, new Float32Array())).toBeNaN();
  });

  const check = (wanted: string | undefined, shape: readonly number[]): string =>
    said(checkScoreShape(perClass, chooseScoreBlob(perClass, wanted), shape, wanted));

  it('that there is not is refused', () => {
    const refusal = (wanted: string, shape: readonly number[]): string =>
      said(errorOf(() => check(wanted, shape)).said);
    expect(refusal('classes[10]', [10])).toContain(
      '--score=classes[10] asks for a value that "classes" does not have: it has 10 values, [0] to [9]',
    );
    expect(refusal('acc[1]', [])).toContain('it has one value, [0]');
    expect(check('classes[9]', [10])).toBe('');
  });

  it('is named where nobody chose it', () => {
    expect(check('classes', [10])).toBe(
      '"classes" has 10 values (10), and the first is the score; --score=classes[1] takes ' +
        'another, --score=classes:mean the mean of all',
    );
    expect(check('classes[0]', [10])).toBe('');
    expect(check('classes:mean', [10])).toBe('');
    expect(check('acc', [])).toBe('');
    expect(check(undefined, [1])).toBe('');
    expect(check('classes[3]', [-1])).toBe('');
  });
});

describe('weights of outputs in the loss', () => {
  it.each<[string, string, [string, number][]]>([
    ['1 for a loss layer', loss('loss') + accuracy('acc'), [['loss', 1]]],
    [
      'what loss_weight says',
      loss('a', 'loss_weight: 0.3') + loss('b'),
      [
        ['a', Math.fround(0.3)],
        ['b', 1],
      ],
    ],
    ['nothing for weight 0', loss('a', 'loss_weight: 0'), []],
    ['the first of two tops', layer('l', 'SoftmaxWithLoss', 'x label', 'a b'), [['a', 1]]],
    [
      'each top by its own weight',
      layer('l', 'SoftmaxWithLoss', 'x label', 'a b', 'loss_weight: 2 loss_weight: 3'),
      [
        ['a', 2],
        ['b', 3],
      ],
    ],
    ['any layer with a loss_weight', layer('r', 'ReLU', 'x', 'y', 'loss_weight: 5'), [['y', 5]]],
    ['no loss that another layer reads', loss('a') + layer('r', 'ReLU', 'a', 'y'), []],
    ['no loss at all', accuracy('acc'), []],
  ])('%s', (_, layers, expected) => {
    expect([...lossWeights(netOf(head + layers))]).toEqual(expected);
  });
});
