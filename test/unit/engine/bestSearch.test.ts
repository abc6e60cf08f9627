import { plain } from '../../../src/base/words';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NumberFormat } from '../../../src/formats/formats';
import { quantizeNet } from '../../../src/engine/jobs/quantizeNet';
import type { QuantizeOptions } from '../../../src/engine/search/quantizeOptions';
import { scoreNet } from '../../../src/engine/jobs/scoreNet';
import type { QuantizeReport, VisitedPoint } from '../../../src/quantize/report';
import { repositoryRoot } from '../../support/shared';
import { tellTo, type Listeners } from '../../../src/engine/files/events';

const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-best-'));
afterAll(() => rmSync(folder, { recursive: true }));
const example = path.join(repositoryRoot, 'examples/mnist');
const weights = path.join(example, 'lenet.caffemodel');
const output = path.join(folder, 'best.prototxt');

/** Few widths on few images: everything the search does, in seconds. */
function search(
  options: Partial<QuantizeOptions> = {},
  events: Listeners = {},
): Promise<QuantizeReport> {
  return quantizeNet(
    {
      model: path.join(example, 'lenet_train_test.prototxt'),
      weights,
      modelQuantized: output,
      mode: 'mixed',
      search: 'best',
      bits: [8, 4, 2],
      calibrationImages: 100,
      iterations: 4,
      errorMargin: 2,
      provider: { kind: 'cpu' },
      calibration: 'train',
      caffeRoot: example,
      cwd: folder,
      force: true,
      ...options,
    },
    tellTo(events),
  );
}

function shifted(format: NumberFormat, by: number): NumberFormat {
  if (format.kind !== 'fixedPoint') throw new Error('a fixed point format was expected');
  return { ...format, fractionalLength: format.fractionalLength + by };
}

/** A report without what changes from run to run. */
function lasting({ best, final, layers, weightBytes }: QuantizeReport): unknown {
  return {
    points: best?.points,
    costs: best?.costs,
    final: { ...final, seconds: 0 },
    layers,
    weightBytes,
  };
}

describe('the best search on the example', () => {
  let report: QuantizeReport;
  let text: string;
  const told: VisitedPoint[] = [];
  beforeAll(async () => {
    report = await search({}, { point: (point) => told.push(point) });
    text = readFileSync(output, 'utf8');
  }, 120_000);

  it('delivers a net within the margin, smaller than one of 4 bits', () => {
    expect(report).toMatchObject({ search: 'best', chosen: null, rows: [] });
    expect(report.final.withinMargin).toBe(true);
    expect(report.weightBytes.quantized).toBeLessThan(report.weightBytes.float / 8);
    expect(report.best?.costs.weightBytes).toBe(report.weightBytes.quantized);
    expect(report.best?.costs.activationBits).toBeLessThan(8);
  });

  it("writes the original's fields only, and the file alone gives the score", async () => {
    const fields = [...text.matchAll(/^\s+(\w+): /gm)].map(([, name]) => name);
    const known =
      /^(precision|bw_(layer_in|layer_out|params)|fl_(layer_in|layer_out|params)|exp_min|exp_max)$/;
    const before = readFileSync(path.join(example, 'lenet_train_test.prototxt'), 'utf8');
    for (const name of fields) {
      if (!before.includes(`${name}:`)) expect(name).toMatch(known);
    }
    const scored = await scoreNet(
      {
        model: output,
        weights,
        iterations: 4,
        provider: { kind: 'cpu' },
        caffeRoot: example,
        cwd: folder,
      },
      tellTo({}),
    );
    expect(scored.score).toBe(report.final.score);
  });

  it('tells of every net it scored whole, and marks the frontier and the one delivered', () => {
    const points = report.best?.points ?? [];
    expect(new Set(told.map(({ index }) => index))).toEqual(new Set(points.map((p) => p.index)));
    const delivered = points.filter(({ isDelivered }) => isDelivered);
    expect(delivered).toHaveLength(1);
    expect(delivered[0]).toMatchObject({ score: report.final.score, withinMargin: true });
    const frontier = points.filter(({ onFrontier }) => onFrontier);
    expect(frontier.length).toBeGreaterThan(1);
    expect(frontier.every(({ isBound }) => !isBound)).toBe(true);
    for (const { isBound, withinMargin } of points) if (isBound) expect(withinMargin).toBe(false);
  });

  it('gives the same with one thread, and with calibration data read anew', async () => {
    const other = await search({ provider: { kind: 'cpu', threads: 1 } });
    expect(lasting(other)).toEqual(lasting(report));
    expect(readFileSync(output, 'utf8')).toBe(text);
  }, 120_000);

  it('is resumed after it was cut off, and ends the same', async () => {
    const reportFile = path.join(folder, 'report.json');
    const abort = new AbortController();
    let passes = 0;
    const cut = search(
      { reportFile, signal: abort.signal },
      { point: () => ++passes === 3 && abort.abort(new Error('cut off')) },
    );
    await expect(cut).rejects.toThrow('cut off');
    const kept = JSON.parse(readFileSync(reportFile, 'utf8')) as {
      readonly scored: Readonly<Record<string, unknown>>;
    };
    expect(kept).toMatchObject({ unfinished: true });
    const calibrated = Object.keys(kept.scored).filter((key) => key.startsWith('calibration:'));
    const notes: string[] = [];
    const resumed = await search(
      { reportFile, resume: true },
      { note: (n) => notes.push(plain(n)) },
    );
    expect(lasting(resumed)).toEqual(lasting(report));
    const [, known] = /going on after (\d+) scores/.exec(notes.join('\n')) ?? [];
    expect(Number(known)).toBeGreaterThan(20);
    // What was known was not run again.
    expect((resumed.best?.calibrationScores ?? 0) + calibrated.length).toBe(
      report.best?.calibrationScores,
    );

    const others = { reportFile, resume: true, iterations: 3 };
    await expect(search(others)).rejects.toThrow(
      /are not used, since iterations has changed \(\d+ then, 3 now\)/,
    );
  }, 120_000);

  it('delivers nothing where even the widest formats fall outside', async () => {
    rmSync(output);
    await expect(search({ bits: [2, 1], errorMargin: 0.5 })).rejects.toThrow(
      /even the widest formats .* score 0[.\d]* where the float net scores 0\.9\d+.* Nothing was written/,
    );
    expect(existsSync(output)).toBe(false);
  });

  it('keeps bits of layers, in float too, and delivers what is given whole', async () => {
    const keep = {
      conv1: { weights: 32, activations: 32 },
      conv2: { weights: 3, activations: 6 },
      ip1: { weights: 4, activations: 6 },
      ip2: { weights: 4, activations: 6 },
    };
    const { layers, best } = await search({ keep, mode: 'dynamic_fixed_point' });
    expect(layers[0]?.formats.weights).toEqual({ kind: 'float32' });
    expect(layers[1]?.formats).toMatchObject({ weights: { bits: 3 }, output: { bits: 6 } });
    expect(layers[3]?.formats).toMatchObject({ weights: { bits: 4 }, input: { bits: 6 } });
    expect(best?.points.length).toBeLessThanOrEqual(2);
    const text = readFileSync(output, 'utf8');
    expect(text.match(/type: "Convolution"/g)).toHaveLength(1);
    await expect(search({ keep: { nobody: { weights: 8 } } })).rejects.toThrow(
      /no layer "nobody" .* conv1, conv2, ip1, ip2/,
    );
  }, 60_000);

  it('leaves the formats of what is not edited as they are', async () => {
    const bits = { weights: 6, activations: 6 };
    const keep = { conv1: bits, conv2: bits, ip1: bits, ip2: bits };
    const before = await search({ keep, mode: 'dynamic_fixed_point' });
    // Formats that no search would choose: chosen anew, they would come out otherwise.
    const base = Object.fromEntries(
      before.layers.map(({ name, formats: { input, output: out, weights: w } }) => [
        name,
        { input, output: shifted(out, 1), weights: shifted(w, -1), bias: shifted(w, -1) },
      ]),
    );
    const edited = { ...keep, conv1: { weights: 8, activations: 6 } };
    const { layers } = await search({ keep: edited, base, mode: 'dynamic_fixed_point' });
    const [conv1, ...others] = layers;
    for (const { name, formats } of others) expect(formats, name).toEqual(base[name]);
    expect(conv1?.formats).toMatchObject({
      input: base['conv1']?.input,
      output: base['conv1']?.output,
    });
    expect(conv1?.formats.weights).toMatchObject({ kind: 'fixedPoint', bits: 8 });
  }, 60_000);

  it('refuses widths that make no format', async () => {
    const options = { bits: [8], mode: 'integer_power_of_2_weights' as const };
    await expect(search(options)).rejects.toThrow(/"conv1": none of the bit-widths given/);
  });

  it('scores agreement with the float net, without labels, as `score` does', async () => {
    const scored = await search({ scoreBlob: 'agreement', mode: 'dynamic_fixed_point' });
    expect(scored).toMatchObject({ baseline: 1, scoreBlob: 'agreement' });
    expect(scored.final.score).toBeGreaterThanOrEqual(0.98);
    const again = await scoreNet(
      {
        model: output,
        weights,
        iterations: 4,
        provider: { kind: 'cpu' },
        scoreBlob: 'agreement',
        caffeRoot: example,
        cwd: folder,
      },
      tellTo({}),
    );
    expect(again.score).toBe(scored.final.score);
  }, 60_000);
});
