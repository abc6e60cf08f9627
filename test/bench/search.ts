import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readCaffemodel } from '../../src/caffe/caffemodel';
import { buildNet } from '../../src/caffe/net';
import { readNetFile } from '../../src/caffe/netFile';
import { netState } from '../../src/caffe/phase';
import { Evaluator } from '../../src/engine/evaluator';
import { NetData } from '../../src/engine/netData';
import { quantizeNet } from '../../src/engine/quantizeNet';
import type { TrimmingMode } from '../../src/quantize/search';

/** What a whole search costs, beside one float pass over the same images in the same process. */
export interface SearchResult {
  readonly mode: TrimmingMode;
  readonly images: number;
  /** Rows of the table: candidates scored, final net not counted. */
  readonly rows: number;
  /** Median seconds of a float pass over images that are decoded already. */
  readonly floatSeconds: number;
  /** Median seconds of the whole job: read, measure, search, write. */
  readonly searchSeconds: number;
  readonly ratio: number;
  /** Peak resident memory of this process so far. */
  readonly peakBytes: number;
}

const model = 'examples/mnist/lenet_train_test.prototxt';
const weights = 'examples/mnist/lenet.caffemodel';
/** 100 batches of 100: 10,000 images, the example's 2,000 over and over, as Caffe cycles. */
const iterations = 100;
const repetitions = 3;

/** Runs the bundled example's whole search; to be started in the repository's root. */
export async function benchSearch(mode: TrimmingMode): Promise<SearchResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-bench-'));
  try {
    const floatTimes: number[] = [];
    const searchTimes: number[] = [];
    let rows = 0;
    for (let i = 0; i < repetitions; i++) {
      floatTimes.push(await floatPass());
      const start = performance.now();
      const report = await quantizeNet(
        {
          model,
          weights,
          modelQuantized: path.join(folder, 'quantized.prototxt'),
          mode,
          iterations,
          errorMargin: 2,
          provider: { kind: 'cpu' },
          calibration: 'train',
          cwd: process.cwd(),
          force: false,
        },
        { onProgress: () => undefined, onRow: () => undefined, onNote: () => undefined },
      );
      searchTimes.push((performance.now() - start) / 1000);
      rows = report.rows.length;
    }
    const floatSeconds = median(floatTimes);
    const searchSeconds = median(searchTimes);
    return {
      mode,
      images: iterations * 100,
      rows,
      floatSeconds,
      searchSeconds,
      ratio: searchSeconds / floatSeconds,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function floatPass(): Promise<number> {
  const net = buildNet(readNetFile(model), netState('TEST'));
  const data = await NetData.open(net, { cwd: process.cwd() });
  try {
    for (let i = 0; i < iterations; i++) await data.batch(i);
    const evaluator = new Evaluator({
      net,
      weights: readCaffemodel(weights),
      data,
      provider: { kind: 'cpu' },
    });
    return (await evaluator.average(iterations, undefined, () => undefined)).seconds;
  } finally {
    await data.close();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
