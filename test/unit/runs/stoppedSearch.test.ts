import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { panelView } from '../../../src/runs/view/panelView';
import { runDiff, runTexts } from '../../../src/runs/runDiff';
import { RunStore } from '../../../src/runs/runStore';
import { describeOutcome } from '../../../src/runs/view/runSummary';
import { trialRequest } from '../../../src/runs/trialRequest';
import { formats, point, stoppedBest } from './sampleBest';
import { runningRun } from './sampleRun';

const net = `name: "LeNet"
input: "data"
input_shape { dim: 1 dim: 1 dim: 8 dim: 8 }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" convolution_param { num_output: 2 kernel_size: 3 } }
layer { name: "ip1" type: "InnerProduct" bottom: "conv1" top: "ip1" inner_product_param { num_output: 2 } }
`;

let folder: string;
let store: RunStore;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ristretto-stopped-'));
  store = new RunStore(folder, false);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['cancelled', 'failed', 'interrupted'] as const)(
  'a best search that was %s',
  (status) => {
    const run = stoppedBest({ status });

    it('gives its best net inside so far', async () => {
      await store.create(run, Buffer.from(net));
      const view = panelView(run, { diff: runDiff(run, store) });
      expect(view.points).toMatchObject({
        selected: 1,
        stopped: {
          name: 'net 2',
          text: 'The search did not end: net 2 is the best one inside the margin so far.',
        },
      });
      expect(view.points?.other).toBeUndefined();
      expect(view.actions).toEqual(
        expect.arrayContaining(['savePrototxt', 'openDiff', 'exportOnnx']),
      );
      expect(view.summary[1]).toMatchObject({ label: 'Best so far', value: '98.20 %' });
      expect(view.diff?.added).toBe(2);
      expect(runTexts(run, store)?.after).toContain('bw_params: 3');
      expect(describeOutcome(run)).toBe(`${status}, best so far 3.00 kB, 98.20 %`);
    });

    it('shows another of its nets, and leads back to the best', () => {
      const { points, summary } = panelView(run, { selectedPoint: 0 });
      expect(points?.other).toEqual({
        name: 'net 1',
        text: 'Net 1 is shown, not the best one so far.',
        back: 'Show the best one so far',
      });
      expect(summary[1]?.label).toBe('Quantized, net 1');
    });
  },
);

it('lets the bits of its best net be edited', () => {
  const run = stoppedBest();
  expect(panelView(run).layers.bits).toMatchObject([
    { layer: 'conv1', weights: 3 },
    { layer: 'ip1', weights: 3 },
  ]);
  const keep = { conv1: { weights: 4, input: 3, output: 4 } };
  expect(trialRequest(run, undefined, keep).base).toEqual({ conv1: formats(3), ip1: formats(3) });
});

it('has nothing to give where no net was inside', () => {
  const outside = [point(0, 2000, 0.9), point(1, 1000, 0.97)];
  const view = panelView(stoppedBest({ points: outside }));
  expect(view.points?.stopped).toBeUndefined();
  expect(view.points?.selected).toBeUndefined();
  expect(view.actions).not.toContain('savePrototxt');
  // One that is clicked can be taken all the same.
  const clicked = panelView(stoppedBest({ points: outside }), { selectedPoint: 1 });
  expect(clicked.actions).toContain('savePrototxt');
  expect(clicked.points?.other).toEqual({
    name: 'net 2',
    text: 'Net 2 is shown.',
    back: undefined,
  });
});

it('gives nothing of a search that still works', () => {
  const running = stoppedBest({ status: 'running' });
  expect(panelView(running).points?.selected).toBeUndefined();
  expect(panelView(running).actions).not.toContain('savePrototxt');
  expect(panelView(runningRun(3, { status: 'cancelled' })).actions).not.toContain('savePrototxt');
});

it('keeps scores of a run and hands them to another', async () => {
  await store.create(stoppedBest({ id: 'a' }), Buffer.from(net));
  await store.create(stoppedBest({ id: 'b' }), Buffer.from(net));
  expect(store.hasScores('a')).toBe(false);
  writeFileSync(store.scoresPath('a'), '{"unfinished":true}');
  store.copyScores('a', 'b');
  expect(readFileSync(store.scoresPath('b'), 'utf8')).toBe('{"unfinished":true}');
  store.forgetScores('b');
  expect(store.hasScores('b')).toBe(false);
  expect(store.hasScores('a')).toBe(true);
});
