import { option, words } from '../../../src/base/words';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkNet } from '../../../src/onnx/checkNet';
import type { ScoreResult } from '../../../src/engine/jobs/scoreNet';
import { SourceText } from '../../../src/prototxt/source';
import { compareRuns } from '../../../src/runs/view/compareRuns';
import { helpingActions } from '../../../src/runs/view/failureView';
import { ScoreFiles } from '../../../src/runs/scoreFiles';
import { scoreSentence, scoreText, type ScoredNet } from '../../../src/runs/view/scoreText';
import { solverNets } from '../../../src/runs/solverNets';
import { bestRun, formats, stoppedBest } from './sampleBest';
import { finishedRun } from './sampleRun';

describe('two runs side by side', () => {
  const now = finishedRun().startedAt;
  it('name the settings that differ, and only these', () => {
    const other = finishedRun({ id: 'b' });
    const text = compareRuns(
      finishedRun(),
      { ...other, request: { ...other.request, errorMargin: 2, weights: '/nets/b.caffemodel' } },
      now,
    );
    const settings = text.slice(text.indexOf('Settings that differ'), text.indexOf('Results'));
    expect(settings).toMatch(/Error margin +1 % +2 %/);
    expect(settings).toMatch(/Weights +\/nets\/lenet.caffemodel +\/nets\/b.caffemodel/);
    expect(settings).not.toContain('Iterations');
    expect(compareRuns(finishedRun(), finishedRun(), now)).toContain('All settings are the same.');
  });

  it('give scores, bytes and the bits of every layer', () => {
    const best = bestRun();
    const layers = (best.report?.layers ?? []).map((layer) => ({ ...layer, formats: formats(3) }));
    const report = best.report === undefined ? undefined : { ...best.report, layers };
    const text = compareRuns(finishedRun(), { ...best, report }, now);
    expect(text).toMatch(/Quantized net +98.94 % +98.20 %/);
    expect(text).toMatch(/Change +−0.20 +−0.94/);
    expect(text).toMatch(/Weights +2.27 kB +1.70 kB/);
    expect(text).toMatch(/conv1 +Convolution +4 \/ 8 \/ 8 +3 \/ 3 \/ 4 +260 bytes +196 bytes +\*/);
    expect(text).toMatch(/conv1 +weights +4 bit, il 0, fl 4 +3 bit, il 1, fl 2/);
  });

  it('have the best net so far of a search that did not end', () => {
    const text = compareRuns(finishedRun(), stoppedBest(), now);
    expect(text).toMatch(/Outcome +4\/4\/8 bit, 98.94 % +cancelled, best so far 3.00 kB, 98.20 %/);
    expect(text).toMatch(/Quantized net +98.94 % +98.20 %/);
    const nothing = compareRuns(stoppedBest({ points: [] }), stoppedBest({ points: [] }), now);
    expect(nothing).toMatch(/Quantized net +– +–/);
  });

  it('are safe from names with lines in them', () => {
    const run = finishedRun();
    const named = { ...run, request: { ...run.request, weights: '/a\nb\u001b[2J' } };
    expect(compareRuns(run, named, now)).toContain('/a\\x0ab\\x1b[2J');
  });
});

describe('the result of scoring', () => {
  const result: ScoreResult = {
    scoreBlob: 'accuracy',
    scoreIsAccuracy: true,
    scoreDirection: 'higher',
    score: 0.9895,
    loss: 0.04,
    outputs: new Map([
      ['accuracy', { shape: [], data: Float32Array.of(0.9895) }],
      ['loss', { shape: [], data: Float32Array.of(0.04) }],
      ['prob', { shape: [1, 1000], data: new Float32Array(1000).fill(0.001) }],
      ['pair', { shape: [2], data: Float32Array.of(1, 2) }],
    ]),
    lossWeights: new Map([['loss', 1]]),
    provider: 'cuda:0',
    seconds: 1.25,
    notes: [words`5 of 9 are scored: ${option('iterations', 9)} takes them all`],
  };
  const scored: ScoredNet = {
    netName: 'LeNet',
    model: '/nets/lenet.prototxt',
    weights: '/nets/lenet.caffemodel',
    iterations: 20,
    batchSize: 100,
    at: Date.UTC(2026, 10, 23, 12),
    result,
  };

  it('names file and net', () => {
    expect(scoreSentence(scored)).toBe('LeNet scores 98.95 % (accuracy)');
    const text = scoreText(scored);
    expect(text).toMatch(/^LeNet scores 98.95 % \(accuracy\)\n/);
    expect(text).toMatch(/Net +\/nets\/lenet.prototxt\n/);
    expect(text).toMatch(/Weights +\/nets\/lenet.caffemodel\n/);
    expect(text).toMatch(/Images +2,000 of the TEST data \(20 batches of 100\)/);
    expect(text).toMatch(/Run on +CUDA device 0, 1.3 s/);
  });

  it('sums large outputs up, and speaks no flags', () => {
    const text = scoreText(scored);
    expect(text).toMatch(/prob +1,000 values: least 0.001, mean 0.001, largest 0.001 +1x1000/);
    expect(text).toMatch(/pair\[1\] +2\n/);
    expect(text).toMatch(/loss +0.04 +weighs 1 in the loss/);
    expect(text).toContain('5 of 9 are scored: "9" in the setting ristretto.iterations takes');
    expect(text).not.toContain('--');
  });

  it('is kept, the latest twenty', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-scores-'));
    try {
      const files = new ScoreFiles(path.join(folder, 'scores'));
      const ids: string[] = [];
      for (let i = 0; i < 22; i++) ids.push(await files.keep(`text ${i}`));
      expect(files.read(ids.at(-1) ?? '')).toBe('text 21');
      expect(ids.filter((id) => files.read(id) !== undefined)).toHaveLength(20);
      writeFileSync(path.join(folder, 'secret.txt'), 'x');
      expect(files.read('../secret')).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the nets of a solver', () => {
  const nets = (text: string) => solverNets(new SourceText('solver.prototxt', text));
  it('are named by net, test_net and train_net, each once', () => {
    expect(nets('net: "a.prototxt"\nbase_lr: 0.1')).toEqual([{ field: 'net', path: 'a.prototxt' }]);
    const two = 'train_net: "train.prototxt" test_net: "test.prototxt" test_net: "test.prototxt"';
    expect(nets(two)).toEqual([
      { field: 'test_net', path: 'test.prototxt' },
      { field: 'train_net', path: 'train.prototxt' },
    ]);
  });
  it('are none where it has its net in itself, or names none', () => {
    expect(nets('net_param { name: "x" } base_lr: 1')).toEqual([]);
    expect(nets('base_lr: 1 # net: "a"')).toEqual([]);
  });
  it('are not looked for in a text that is no solver', () => {
    expect(nets('name: "x"\nlayer { name: "a" }')).toBeUndefined();
    expect(nets('{{{ ]')).toBeUndefined();
  });
});

describe('a net that cannot be run', () => {
  it('is found by its definition alone', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-check-'));
    try {
      const file = path.join(folder, 'net.prototxt');
      const convolution = 'layer { name: "c" type: "Convolution" bottom: "data" top: "c" }\n';
      const input = 'layer { name: "data" type: "Input" top: "data" }\n';
      writeFileSync(
        file,
        `${input}${convolution}layer { name: "p" type: "Python" bottom: "c" top: "p" }\n`,
      );
      expect(() => checkNet(file, 0)).toThrow(/net.prototxt:3.*Python/);
      writeFileSync(file, input + convolution);
      expect(() => checkNet(file, 0)).not.toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('what helps against a failure', () => {
  const request = { weights: '/nets/a.caffemodel' };
  it.each([
    [{ code: 'layer/unsupported', message: '', file: '/a.prototxt', line: 3 }, ['showPlace']],
    [{ code: 'caffemodel/truncated', message: '', file: '/b' }, ['chooseWeights']],
    [{ code: 'weights/shape', message: '', file: '/a', line: 1 }, ['showPlace', 'chooseWeights']],
    [{ code: 'system/file', message: '', file: '/nets/a.caffemodel' }, ['chooseWeights']],
    [{ code: 'source/missing', message: '' }, ['setCaffeRoot']],
    [{ code: 'score/none', message: '' }, ['setScore']],
    [{ code: 'runtime/no-cuda', message: '' }, ['useCpu', 'installCuda']],
    [{ code: 'runtime/no-webgpu', message: '' }, ['useCpu']],
    [{ message: 'the engine was ended by SIGKILL' }, []],
  ])('%j', (failure, actions) => {
    expect(helpingActions(failure, request)).toEqual(actions);
  });
});
