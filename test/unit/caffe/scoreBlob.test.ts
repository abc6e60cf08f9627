import { describe, expect, it } from 'vitest';
import { lossWeights } from '../../../src/caffe/lossWeights';
import { checkScoreShape, chooseScoreBlob, scoreValue } from '../../../src/caffe/scoreBlob';
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
      'the first output without an accuracy',
      head + loss('z') + layer('r', 'ReLU', 'x', 'b'),
      'b',
      /no Accuracy layer/,
    ],
    [
      'no accuracy that another layer reads',
      head + accuracy('a') + layer('r', 'ReLU', 'a', 'b') + loss('c'),
      'b',
      /no Accuracy layer/,
    ],
  ])('%s', (_, prototxt, blob, note) => {
    const choice = chooseScoreBlob(netOf(prototxt), undefined);
    expect(choice.blob).toBe(blob);
    expect(choice.isAccuracy).toBe(blob !== 'b');
    if (note === undefined) expect(choice.note).toBeUndefined();
    else expect(choice.note).toMatch(note);
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
    expect(error.message).toContain(`test.prototxt: --score=${wanted} is no output of this net`);
    expect(error.message).toContain('acc');
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
      'the probabilities of a loss',
      layer('l', 'SoftmaxWithLoss', 'x label', 'z_loss a_prob'),
      ['a_prob', 'higher'],
    ],
  ])('%s', (_, layers, wanted) => expect(first(layers)).toEqual(wanted));

  it('are told with the choice', () => {
    const note = (layers: string): string | undefined =>
      chooseScoreBlob(netOf(head + layers), undefined).note;
    expect(note(loss('b'))).toBe(
      'scoring by "b", the first output: the net has no Accuracy layer, and it is a loss, of ' +
        'which a lower value is better',
    );
    expect(note(loss('b') + loss('c'))).toMatch(/--score=<blob> chooses another loss of c$/);
    expect(note(layer('r', 'ReLU', 'x', 'a') + loss('c'))).toMatch(
      /a higher value is taken for a better one; --score=<blob> chooses another loss of c$/,
    );
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
      expect(error.message).toContain(`--score=${wanted} is no output of this net`);
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

  const check = (wanted: string | undefined, shape: readonly number[]): string | undefined =>
    checkScoreShape(perClass, chooseScoreBlob(perClass, wanted), shape, wanted);

  it('that there is not is refused', () => {
    const refusal = (wanted: string, shape: readonly number[]): string =>
      errorOf(() => check(wanted, shape)).message;
    expect(refusal('classes[10]', [10])).toContain(
      '--score=classes[10] asks for a value that "classes" does not have: it has 10 values, [0] to [9]',
    );
    expect(refusal('acc[1]', [])).toContain('it has one value, [0]');
    expect(check('classes[9]', [10])).toBeUndefined();
  });

  it('is named where nobody chose it', () => {
    expect(check('classes', [10])).toBe(
      '"classes" has 10 values (10), and the first is the score; --score=classes[1] takes ' +
        'another, --score=classes:mean the mean of all',
    );
    expect(check('classes[0]', [10])).toBeUndefined();
    expect(check('classes:mean', [10])).toBeUndefined();
    expect(check('acc', [])).toBeUndefined();
    expect(check(undefined, [1])).toBeUndefined();
    expect(check('classes[3]', [-1])).toBeUndefined();
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
