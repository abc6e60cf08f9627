import { describe, expect, it } from 'vitest';
import { lossWeights } from '../../../src/caffe/lossWeights';
import { chooseScoreBlob } from '../../../src/caffe/scoreBlob';
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
      isAccuracy: true,
      note: undefined,
    });
    expect(chooseScoreBlob(netOf(googlenet), 'loss1/loss1').isAccuracy).toBe(false);
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
