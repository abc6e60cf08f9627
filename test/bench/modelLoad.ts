import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { readCaffemodel } from '../../src/caffe/caffemodel';
import { writeCaffemodel } from '../../src/caffe/writeCaffemodel';
import { peakMemory } from './peakMemory';

/** What it costs to load a model of VGG-16's shape. Times are medians, in seconds. */
export interface ModelLoadResult {
  readonly fileBytes: number;
  /** `readFileSync` of the whole file, from the system's file cache. */
  readonly plainSeconds: number;
  /** `readCaffemodel` of the same file, likewise. */
  readonly loadSeconds: number;
  /** `loadSeconds` over `plainSeconds`. */
  readonly loadRatio: number;
  /** Peak resident memory of a process that loads the model, less that of one that does not. */
  readonly peakBytes: number;
  /** `peakBytes` over `fileBytes`. */
  readonly peakRatio: number;
  readonly repetitions: number;
}

const ROLE = 'RISTRETTO_BENCH_MODEL_LOAD';
const FILE = 'RISTRETTO_BENCH_MODEL_FILE';

type Role = 'idle' | 'load' | 'time';

const REPETITIONS = 9;
const SETTLE_MILLISECONDS = 200;

/**
 * Writes a model of about 550 MB to a temporary folder, measures, and removes it. Needs as much
 * free disk and three times as much free memory.
 *
 * The measuring is done in new processes that run the same script (`process.argv[1]`), which must
 * therefore begin with {@link runModelLoadChild}.
 */
export async function benchModelLoad(): Promise<ModelLoadResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-bench-'));
  try {
    const file = path.join(folder, 'vgg16.caffemodel');
    writeVgg16(file);
    const fileBytes = statSync(file).size;
    const times = await inChild<Times>('time', file);
    const idle = await inChild<number>('idle', file);
    const load = await inChild<number>('load', file);
    const plainSeconds = median(times.plain);
    const loadSeconds = median(times.load);
    return {
      fileBytes,
      plainSeconds,
      loadSeconds,
      loadRatio: loadSeconds / plainSeconds,
      peakBytes: load - idle,
      peakRatio: (load - idle) / fileBytes,
      repetitions: REPETITIONS,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Does the work of a child of {@link benchModelLoad} if this process is one, and says whether it
 * was. To be called before anything else: `if (!runModelLoadChild()) await main();`
 */
export function runModelLoadChild(): boolean {
  const role = process.env[ROLE] as Role | undefined;
  const file = process.env[FILE];
  if (role === undefined || file === undefined) return false;
  process.stdout.write(JSON.stringify(play(role, file)));
  return true;
}

interface Times {
  readonly plain: number[];
  readonly load: number[];
}

function play(role: Role, file: string): Times | number {
  switch (role) {
    case 'time':
      return measureTimes(file);
    case 'load': {
      const weights = readCaffemodel(file);
      const peak = peakMemory();
      // Named here so that the weights cannot be collected before the peak is read.
      if (weights.layers.length === 0) throw new Error('nothing was loaded');
      return peak;
    }
    case 'idle':
      return peakMemory();
  }
}

function measureTimes(file: string): Times {
  const times: Times = { plain: [], load: [] };
  const plain = () => readFileSync(file);
  const load = () => readCaffemodel(file);
  // A first round of each fills the file cache and lets the code be compiled.
  seconds(plain);
  seconds(load);
  for (let i = 0; i < REPETITIONS; i++) {
    // Each goes first in turn, so that neither always follows in the other's wake.
    if (i % 2 === 1) times.load.push(seconds(load));
    times.plain.push(seconds(plain));
    if (i % 2 === 0) times.load.push(seconds(load));
  }
  return times;
}

function seconds(action: () => unknown): number {
  const start = performance.now();
  action();
  const elapsed = (performance.now() - start) / 1000;
  // Else the next round pays for this one's memory. V8 gives large arrays back on another thread:
  // that takes a moment, in which nothing should be measured.
  globalThis.gc?.();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLE_MILLISECONDS);
  return elapsed;
}

async function inChild<Result>(role: Role, file: string): Promise<Result> {
  const script = process.argv[1];
  if (script === undefined) throw new Error('the benchmark must be run as a script');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script], {
    env: { ...process.env, [ROLE]: role, [FILE]: file },
  });
  return JSON.parse(stdout) as Result;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Weight shapes of VGG-16; each layer also has one bias per output. */
const VGG16: readonly (readonly [name: string, type: string, shape: readonly number[]])[] = [
  ['conv1_1', 'Convolution', [64, 3, 3, 3]],
  ['conv1_2', 'Convolution', [64, 64, 3, 3]],
  ['conv2_1', 'Convolution', [128, 64, 3, 3]],
  ['conv2_2', 'Convolution', [128, 128, 3, 3]],
  ['conv3_1', 'Convolution', [256, 128, 3, 3]],
  ['conv3_2', 'Convolution', [256, 256, 3, 3]],
  ['conv3_3', 'Convolution', [256, 256, 3, 3]],
  ['conv4_1', 'Convolution', [512, 256, 3, 3]],
  ['conv4_2', 'Convolution', [512, 512, 3, 3]],
  ['conv4_3', 'Convolution', [512, 512, 3, 3]],
  ['conv5_1', 'Convolution', [512, 512, 3, 3]],
  ['conv5_2', 'Convolution', [512, 512, 3, 3]],
  ['conv5_3', 'Convolution', [512, 512, 3, 3]],
  ['fc6', 'InnerProduct', [4096, 25088]],
  ['fc7', 'InnerProduct', [4096, 4096]],
  ['fc8', 'InnerProduct', [1000, 4096]],
];

function writeVgg16(file: string): void {
  const count = (shape: readonly number[]) => shape.reduce((product, dim) => product * dim, 1);
  // One array serves all layers: nobody looks at the numbers, but zeros might be stored as holes.
  const numbers = new Float32Array(Math.max(...VGG16.map(([, , shape]) => count(shape))));
  for (let i = 0; i < numbers.length; i++) numbers[i] = (i % 251) / 251 - 0.5;
  const blob = (shape: readonly number[]) => ({ shape, data: numbers.subarray(0, count(shape)) });
  const layers = VGG16.map(([name, type, shape]) => ({
    name,
    type,
    blobs: [blob(shape), blob(shape.slice(0, 1))],
  }));
  writeCaffemodel(file, { name: 'VGG16', layers });
}
