import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readCaffemodel } from '../../src/caffe/caffemodel';
import { parameterGroup } from '../../src/caffe/layerTypes';
import { buildNet } from '../../src/caffe/buildNet';
import { readNetFile } from '../../src/caffe/netFile';
import type { Candidate } from '../../src/formats/layerFormats';
import { netState } from '../../src/caffe/phase';
import { Evaluator } from '../../src/engine/scoring/evaluator';
import { NetData } from '../../src/engine/inputs/netData';
import { quantizeNet } from '../../src/engine/jobs/quantizeNet';
import { dynamicFixedPointCandidate } from '../../src/quantize/original/candidates';
import type { SearchKind } from '../../src/quantize/report';
import type { TrimmingMode } from '../../src/quantize/modes/modes';
import { tellTo } from '../../src/engine/files/events';

/** What a whole search costs, beside one float pass over the same images in the same process. */
export interface SearchResult {
  readonly mode: TrimmingMode;
  readonly search: SearchKind;
  readonly images: number;
  /** Candidates scored on all images, final net not counted. */
  readonly candidates: number;
  /** Median seconds of a pass of a net whose weights and activations are all quantized. */
  readonly quantizedSeconds: number;
  readonly weightBytes: number;
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
export async function benchSearch(mode: TrimmingMode, search: SearchKind): Promise<SearchResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-bench-'));
  try {
    const floatTimes: number[] = [];
    const quantizedTimes: number[] = [];
    const searchTimes: number[] = [];
    let candidates = 0;
    let weightBytes = 0;
    for (let i = 0; i < repetitions; i++) {
      const passes = await timePasses();
      floatTimes.push(passes.float);
      quantizedTimes.push(passes.quantized);
      const start = performance.now();
      const report = await quantizeNet(
        {
          model,
          weights,
          modelQuantized: path.join(folder, 'quantized.prototxt'),
          mode,
          search,
          iterations,
          errorMargin: 2,
          provider: { kind: 'cpu' },
          calibration: 'train',
          cwd: process.cwd(),
          force: false,
        },
        tellTo({}),
      );
      searchTimes.push((performance.now() - start) / 1000);
      candidates = report.best?.points.length ?? report.rows.length;
      weightBytes = report.weightBytes.quantized;
    }
    const floatSeconds = median(floatTimes);
    const searchSeconds = median(searchTimes);
    return {
      mode,
      search,
      images: iterations * 100,
      candidates,
      weightBytes,
      floatSeconds,
      quantizedSeconds: median(quantizedTimes),
      searchSeconds,
      ratio: searchSeconds / floatSeconds,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds of a float pass and of one with all weights and activations at 8 bits, data decoded before. */
async function timePasses(): Promise<{ readonly float: number; readonly quantized: number }> {
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
    const layers = net.layers
      .filter(({ type }) => parameterGroup(type) !== undefined)
      .map(({ name, type }) => ({ name, type, maxIn: 16, maxOut: 32, maxParams: 0.7 }));
    const bits = { conv_params: 8, fc_params: 8, activations: 8 };
    const candidate = dynamicFixedPointCandidate(layers, bits);
    const seconds = async (of: Candidate | undefined): Promise<number> =>
      (await evaluator.average(iterations, of, () => undefined)).seconds;
    return { float: await seconds(undefined), quantized: await seconds(candidate) };
  } finally {
    await data.close();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
