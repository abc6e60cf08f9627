import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { readCaffemodel } from '../../src/caffe/caffemodel';
import { buildNet } from '../../src/caffe/buildNet';
import { readNetFile } from '../../src/caffe/netFile';
import { netState } from '../../src/caffe/phase';
import { writeCaffemodel } from '../../src/caffe/writeCaffemodel';
import { exportOnnx } from '../../src/engine/jobs/exportOnnx';
import { convertNet } from '../../src/onnx/convertNet';
import { splitModel } from '../../src/onnx/model';
import { quantizeBlob } from '../../src/quantize/quantizedWeights';
import { Session } from '../../src/runtime/session';
import { alexNet, googLeNet, resNet50, vgg16 } from '../support/knownNets';
import { randomWeights } from '../support/randomWeights';
import { peakMemory } from './peakMemory';

const nets = { AlexNet: alexNet, GoogLeNet: googLeNet, 'ResNet-50': resNet50, 'VGG-16': vgg16 };

/** What it costs to make one net runnable, and to write it as a file. Seconds and bytes. */
export interface ConvertResult {
  readonly net: string;
  readonly weightBytes: number;
  readonly parseSeconds: number;
  readonly readSeconds: number;
  readonly convertSeconds: number;
  readonly sessionSeconds: number;
  readonly exportSeconds: number;
  /** Peak of a process that reads, converts and runs one image, less that of an idle one. */
  readonly scorePeakBytes: number;
  /** Peak of a process that writes the net as ONNX, less that of an idle one. */
  readonly exportPeakBytes: number;
}

type Role = 'score' | 'export' | 'idle';
const ROLE = 'RISTRETTO_BENCH_CONVERT';
const FOLDER = 'RISTRETTO_BENCH_FOLDER';

/** Makes each net with generated weights and measures it in processes of its own. */
export async function benchConvert(report: (result: ConvertResult) => void): Promise<void> {
  for (const [name, prototxt] of Object.entries(nets)) {
    const folder = mkdtempSync(path.join(tmpdir(), 'ristretto-bench-'));
    try {
      const model = path.join(folder, 'net.prototxt');
      writeFileSync(model, prototxt());
      const net = buildNet(readNetFile(model), netState('TEST'));
      const weights = path.join(folder, 'net.caffemodel');
      writeCaffemodel(weights, { name, layers: randomWeights(net) });
      const idle = await inChild<Times>('idle', folder);
      const score = await inChild<Times>('score', folder);
      const exported = await inChild<Times>('export', folder);
      report({
        net: name,
        weightBytes: statSync(weights).size,
        parseSeconds: score.parse,
        readSeconds: score.read,
        convertSeconds: score.convert,
        sessionSeconds: score.session,
        exportSeconds: exported.total,
        scorePeakBytes: score.peak - idle.peak,
        exportPeakBytes: exported.peak - idle.peak,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

interface Times {
  readonly parse: number;
  readonly read: number;
  readonly convert: number;
  readonly session: number;
  readonly total: number;
  readonly peak: number;
}

/** Does a child's work if this process is one of {@link benchConvert}, and says whether it is. */
export function runConvertChild(): boolean {
  const role = process.env[ROLE] as Role | undefined;
  const folder = process.env[FOLDER];
  if (role === undefined || folder === undefined) return false;
  void play(role, folder).then((times) => process.stdout.write(JSON.stringify(times)));
  return true;
}

async function play(role: Role, folder: string): Promise<Times> {
  const times = { parse: 0, read: 0, convert: 0, session: 0 };
  const start = performance.now();
  const model = path.join(folder, 'net.prototxt');
  const weightsPath = path.join(folder, 'net.caffemodel');
  if (role === 'export') {
    await exportOnnx(
      {
        model,
        weights: weightsPath,
        output: path.join(folder, 'net.onnx'),
        phase: 'TEST',
        cwd: folder,
        force: true,
      },
      () => undefined,
    );
  } else if (role === 'score') {
    const measure = <T>(step: keyof typeof times, action: () => T): T => {
      const begin = performance.now();
      const result = action();
      times[step] = (performance.now() - begin) / 1000;
      return result;
    };
    const net = measure('parse', () => buildNet(readNetFile(model), netState('TEST')));
    const weights = measure('read', () => readCaffemodel(weightsPath));
    const split = measure('convert', () =>
      splitModel(convertNet(net, { weights, inputShapes: new Map(), quantizeBlob }).graph),
    );
    const begin = performance.now();
    const session = await Session.create(split, { kind: 'cpu' });
    times.session = (performance.now() - begin) / 1000;
    const shape = net.layers[0]?.param.input_param?.shape[0]?.dim ?? [];
    const image = new Float32Array(shape.reduce((product, dim) => product * dim, 1)).fill(0.5);
    await session.run(new Map([['data', { shape, data: image }]]));
    await session.release();
  }
  return { ...times, total: (performance.now() - start) / 1000, peak: peakMemory() };
}

async function inChild<Result>(role: Role, folder: string): Promise<Result> {
  const script = process.argv[1];
  if (script === undefined) throw new Error('the benchmark must be run as a script');
  const { stdout } = await promisify(execFile)(process.execPath, [script], {
    env: { ...process.env, [ROLE]: role, [FOLDER]: folder },
  });
  return JSON.parse(stdout) as Result;
}
