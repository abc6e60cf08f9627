import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { writeCaffemodel } from '../../src/caffe/writeCaffemodel';
import { quantizeNet } from '../../src/engine/jobs/quantizeNet';
import { peakMemory } from './peakMemory';
import { tellTo } from '../../src/engine/files/events';

/** What measuring the ranges of a net with large activations costs in memory. */
export interface RangesResult {
  /** Images a batch of the TRAIN data. */
  readonly batch: number;
  /** Bytes of all observed blobs of one batch. */
  readonly blobBytes: number;
  /** Peak resident memory of a process that quantizes the net. */
  readonly peakBytes: number;
}

const ROLE = 'RISTRETTO_BENCH_RANGES';
const layers = 8;
const channels = 64;
const batch = 512;
const side = 28;

/** Quantizes a net of eight wide layers on the bundled digits, in a process of its own. */
export async function benchRanges(): Promise<RangesResult> {
  const script = process.argv[1];
  if (script === undefined) throw new Error('the benchmark must be run as a script');
  const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-bench-'));
  try {
    writeNet(folder);
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      env: { ...process.env, [ROLE]: folder },
    });
    const blobBytes = layers * batch * channels * side * side * 4;
    return { batch, blobBytes, peakBytes: Number(stdout) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Does the work of the child of {@link benchRanges} if this process is it; see runModelLoadChild. */
export function runRangesChild(): boolean {
  const folder = process.env[ROLE];
  if (folder === undefined) return false;
  const run = quantizeNet(
    {
      model: path.join(folder, 'net.prototxt'),
      weights: path.join(folder, 'net.caffemodel'),
      modelQuantized: path.join(folder, 'quantized.prototxt'),
      mode: 'integer_power_of_2_weights',
      iterations: 1,
      errorMargin: 2,
      provider: { kind: 'cpu' },
      calibration: 'train',
      modelFolder: 'examples/mnist',
      cwd: process.cwd(),
      force: false,
    },
    tellTo({}),
  );
  void run.then(() => process.stdout.write(String(peakMemory())));
  return true;
}

function writeNet(folder: string): void {
  const data = (phase: string, source: string, size: number): string =>
    `layer { name: "data" type: "Data" top: "data" top: "label" include { phase: ${phase} }
      transform_param { scale: 0.00390625 }
      data_param { source: "${source}" batch_size: ${size} backend: LMDB } }\n`;
  const convolutions = Array.from(
    { length: layers },
    (_, i) => `layer { name: "c${i + 1}" type: "Convolution"
      bottom: "${i === 0 ? 'data' : `c${i}`}" top: "c${i + 1}"
      convolution_param { num_output: ${channels} kernel_size: 3 pad: 1 bias_term: false } }\n`,
  );
  const rest = `layer { name: "ip" type: "InnerProduct" bottom: "c${layers}" top: "ip"
      inner_product_param { num_output: 10 bias_term: false } }
    layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }\n`;
  writeFileSync(
    path.join(folder, 'net.prototxt'),
    data('TRAIN', 'mnist_train_lmdb', batch) +
      data('TEST', 'mnist_test_lmdb', 10) +
      convolutions.join('') +
      rest,
  );
  const blob = (...shape: number[]): { shape: number[]; data: Float32Array } => {
    const length = shape.reduce((product, dim) => product * dim, 1);
    return { shape, data: Float32Array.from({ length }, (_, i) => ((i % 7) - 3) / 64) };
  };
  writeCaffemodel(path.join(folder, 'net.caffemodel'), {
    name: 'wide',
    layers: [
      ...Array.from({ length: layers }, (_, i) => ({
        name: `c${i + 1}`,
        type: 'Convolution',
        blobs: [blob(channels, i === 0 ? 1 : channels, 3, 3)],
      })),
      { name: 'ip', type: 'InnerProduct', blobs: [blob(10, channels * side * side)] },
    ],
  });
}
