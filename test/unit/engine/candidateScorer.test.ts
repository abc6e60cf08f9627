import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCaffemodel } from '../../../src/caffe/caffemodel';
import { buildNet } from '../../../src/caffe/buildNet';
import { readNetFile } from '../../../src/caffe/netFile';
import { netState } from '../../../src/caffe/phase';
import { chooseScoreBlob } from '../../../src/caffe/scoreBlob';
import { CandidateScorer } from '../../../src/engine/scoring/candidateScorer';
import { Evaluator } from '../../../src/engine/scoring/evaluator';
import { NetData } from '../../../src/engine/inputs/netData';
import { ScoreJournal } from '../../../src/engine/scoring/scoreJournal';
import { dynamicFixedPointCandidate } from '../../../src/quantize/original/candidates';
import type { Margin } from '../../../src/quantize/margin';
import { repositoryRoot } from '../../support/shared';

const example = path.join(repositoryRoot, 'examples/mnist');
const net = buildNet(
  readNetFile(path.join(example, 'lenet_train_test.prototxt')),
  netState('TEST'),
);
const layers = ['conv1', 'conv2', 'ip1', 'ip2'].map((name, i) => ({
  name,
  type: i < 2 ? 'Convolution' : 'InnerProduct',
  maxIn: 16,
  maxOut: 32,
  maxParams: 0.7,
}));
const good = dynamicFixedPointCandidate(layers, { conv_params: 8, fc_params: 8, activations: 8 });
const fair = dynamicFixedPointCandidate(layers, { conv_params: 4, fc_params: 4, activations: 6 });
const bad = dynamicFixedPointCandidate(layers, { conv_params: 1, fc_params: 1, activations: 1 });
const iterations = 10;

let data: NetData;
beforeAll(async () => {
  data = await NetData.open(net, { cwd: repositoryRoot });
});
afterAll(() => data.close());

function scorerOn(journal: ScoreJournal): CandidateScorer {
  const weights = readCaffemodel(path.join(example, 'lenet.caffemodel'));
  return new CandidateScorer({
    evaluator: new Evaluator({ net, weights, data, provider: { kind: 'cpu' } }),
    choice: chooseScoreBlob(net, undefined),
    iterations,
    distinctBatches: 20,
    journal,
  });
}

describe('scoring candidates', () => {
  it('stops early only where the verdict is certain, and says so', async () => {
    const scorer = scorerOn(new ScoreJournal());
    const baseline = await scorer.baseline(() => undefined);
    const margin: Margin = { baseline: baseline.score, errorMargin: 2, direction: 'higher' };
    const seen: number[] = [];
    const bound = await scorer.score(bad, (done) => seen.push(done), margin);
    const whole = await scorer.score(bad, () => undefined);
    expect(bound.isBound).toBe(true);
    expect(whole.isBound).toBe(false);
    // The first batch alone cannot be enough for a margin of 2 % of 10 batches to be gone for good.
    expect(seen.slice(0, -1).length).toBeLessThan(iterations);
    expect(bound.score).toBeGreaterThanOrEqual(whole.score);
    expect(bound.score).toBeLessThan(baseline.score - 0.02);

    const accepted = await scorer.score(good, () => undefined, margin);
    expect(accepted.isBound).toBe(false);
    expect({ ...accepted, isKnown: true }).toEqual(await scorer.score(good, () => undefined));
  });

  it('runs every candidate once, and keeps what it takes to judge how firm a verdict is', async () => {
    const journal = new ScoreJournal();
    const scorer = scorerOn(journal);
    const baseline = await scorer.baseline(() => undefined);
    const margin: Margin = { baseline: baseline.score, errorMargin: 2, direction: 'higher' };
    const first = await scorer.score(fair, () => undefined);
    const steps: number[] = [];
    expect(await scorer.score(fair, (done) => steps.push(done))).toEqual({
      ...first,
      isKnown: true,
    });
    expect(steps).toEqual([iterations]);
    const firmness = scorer.firmness(fair, first.score, margin);
    expect(firmness.standardError).toBeGreaterThan(0);
    expect(firmness.standardError).toBeLessThan(0.05);
    expect(scorer.firmness(bad, 0.1, margin)).toEqual({ standardError: null, verdict: 'unknown' });

    // Another process that knows the journal need not score anything.
    const known = JSON.parse(JSON.stringify(journal)) as ConstructorParameters<
      typeof ScoreJournal
    >[0];
    const later = scorerOn(new ScoreJournal(known));
    expect(await later.baseline(() => undefined)).toEqual({ ...baseline, isKnown: true });
    expect(await later.score(fair, () => undefined)).toEqual({ ...first, isKnown: true });
    expect(later.firmness(fair, first.score, margin)).toEqual(firmness);
  });
});
