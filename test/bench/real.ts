import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildNet } from '../../src/caffe/buildNet';
import { readCaffemodel } from '../../src/caffe/caffemodel';
import { parameterGroup } from '../../src/caffe/layerTypes';
import { readNetFile } from '../../src/caffe/netFile';
import { netState } from '../../src/caffe/phase';
import { writeCaffemodel } from '../../src/caffe/writeCaffemodel';
import { tellTo } from '../../src/engine/files/events';
import { NetData } from '../../src/engine/inputs/netData';
import { quantizeNet } from '../../src/engine/jobs/quantizeNet';
import { Evaluator } from '../../src/engine/scoring/evaluator';
import type { SearchKind } from '../../src/quantize/report';
import { Session } from '../../src/runtime/session';
import { googLeNet, mobileNetV2, residualNet, resNet50, squeezeNet } from '../support/knownNets';
import { evenNumbers, normalNumbers } from '../support/randomNumbers';
import { trainedLikeWeights } from '../support/trainedLikeWeights';
import { peakMemory } from './peakMemory';

/** Half the usual width and height: a quarter of the time, the same graph. */
const size = 113;
const nets: Readonly<Record<string, { readonly prototxt: string; readonly size: number }>> = {
  SqueezeNet: { prototxt: squeezeNet(size), size },
  GoogLeNet: { prototxt: googLeNet(size), size },
  'ResNet-50': { prototxt: resNet50(size), size },
  'MobileNet v2': { prototxt: mobileNetV2(size), size },
  ...Object.fromEntries(
    [2, 4, 9, 18].map((blocks) => [
      `ResNet-${6 * blocks + 2}`,
      { prototxt: residualNet(blocks), size: 32 },
    ]),
  ),
};

export const realNets: readonly string[] = Object.keys(nets);

/** The pictures' mean, which the nets do not see. */
const grey = 128;

/** Kinds of pictures that the nets tell apart. */
const kinds = 20;
/** Pictures that the weights are made by. */
const examples = 5 * kinds;
const testImages = 500;
const batchSize = 10;

/** What a search on a net as people deploy them costs, beside float passes in the same process. */
export interface RealResult {
  readonly net: string;
  readonly search: SearchKind;
  readonly layers: number;
  /** Seconds of a float pass over the same images: median of one before and two after the search. */
  readonly floatSeconds: number;
  readonly searchSeconds: number;
  readonly ratio: number;
  /** Nets scored on all images, and candidates on few. */
  readonly verdicts: number;
  readonly ranked: number | undefined;
  readonly sessions: number;
  readonly sessionSeconds: number;
  /** Seconds from the start to the first net within the margin. */
  readonly firstNetSeconds: number | undefined;
  readonly weightBytes: number;
  readonly floatBytes: number;
  readonly activationBits: number | undefined;
  readonly score: number;
  readonly peakBytes: number;
}

export interface RealOptions {
  readonly net: string;
  readonly search: SearchKind;
  /** Where the net, its weights and its images lie, made where they are absent; a new folder if undefined. */
  readonly folder?: string | undefined;
  readonly follow?: ((line: string) => void) | undefined;
}

/** Searches one net with generated weights and images, agreement as score, margin 2 %. */
export async function benchReal(options: RealOptions): Promise<RealResult> {
  const { net: name, search, follow } = options;
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'ristretto-bench-'));
  try {
    const files = await prepare(name, folder);
    const passes = [await floatPass(files)];
    const restore = countSessions();
    const start = performance.now();
    let phase = '';
    let firstNetSeconds: number | undefined;
    const passed = (): number => (performance.now() - start) / 1000;
    const report = await quantizeNet(
      {
        model: files.model,
        weights: files.weights,
        modelQuantized: path.join(folder, 'quantized.prototxt'),
        images: { list: files.list, meanValues: [grey] },
        scoreBlob: 'agreement',
        mode: 'dynamic_fixed_point',
        search,
        errorMargin: 2,
        provider: { kind: 'cpu' },
        calibration: 'test',
        cwd: folder,
        force: true,
      },
      tellTo({
        progress: ({ what, best, secondsLeft }) => {
          if (best !== undefined) firstNetSeconds ??= passed();
          if (what === phase) return;
          phase = what;
          follow?.(`${passed().toFixed(1)} s, ${secondsLeft?.toFixed(0)} s left: ${what}`);
        },
        point: ({ score, costs, withinMargin }) =>
          follow?.(
            `${passed().toFixed(1)} s: ${score.toFixed(4)} ${withinMargin ? 'in' : 'out'} ${costs.weightBytes}`,
          ),
      }),
    );
    const searchSeconds = passed();
    const counted = restore();
    for (let i = 0; i < 2; i++) passes.push(await floatPass(files));
    const floatSeconds = [...passes].sort((a, b) => a - b)[1] ?? Number.NaN;
    return {
      net: name,
      search,
      layers: report.layers.length,
      floatSeconds,
      searchSeconds,
      ratio: searchSeconds / floatSeconds,
      verdicts: report.best?.points.length ?? report.rows.length + 1,
      ranked: report.best?.calibrationScores,
      ...counted,
      firstNetSeconds,
      weightBytes: report.weightBytes.quantized,
      floatBytes: report.weightBytes.float,
      activationBits: report.best?.costs.activationBits,
      score: report.final.score,
      peakBytes: peakMemory(),
    };
  } finally {
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

interface Files {
  readonly model: string;
  readonly weights: string;
  readonly list: string;
}

async function prepare(name: string, folder: string): Promise<Files> {
  const files: Files = {
    model: path.join(folder, 'net.prototxt'),
    weights: path.join(folder, 'net.caffemodel'),
    list: path.join(folder, 'images.txt'),
  };
  if (existsSync(files.list)) return files;
  const net = nets[name];
  if (net === undefined)
    throw new Error(`there is no net ${name}; there are ${realNets.join(', ')}`);
  mkdirSync(folder, { recursive: true });
  const prototxt = net.prototxt.replace('dim: 1 dim: 3', `dim: ${batchSize} dim: 3`);
  writeFileSync(files.model, prototxt);
  const draw = pictures(net.size);
  const batch = new Float32Array(examples * 3 * net.size ** 2);
  for (let i = 0; i < examples; i++)
    batch.set(
      draw(i % kinds, 0.85).map((value) => value - grey),
      i * 3 * net.size ** 2,
    );
  const built = buildNet(readNetFile(files.model), netState('TEST'));
  const shape = [examples, 3, net.size, net.size];
  const wide = buildNet(readNetFile(files.model), netState('TEST'));
  const layers = await trainedLikeWeights(withShape(wide, shape), { shape, data: batch }, kinds);
  writeCaffemodel(files.weights, { name: built.name, layers });
  const random = evenNumbers(9);
  const names = Array.from({ length: testImages }, (_, i) => {
    const file = `${String(i).padStart(3, '0')}.ppm`;
    writePpm(path.join(folder, file), draw(i % kinds, 0.75 + 0.25 * random()), net.size);
    return `${file} ${i % kinds}`;
  });
  writeFileSync(files.list, `${names.join('\n')}\n`);
  return files;
}

/** A net whose Input layer has another shape. */
function withShape(net: ReturnType<typeof buildNet>, shape: readonly number[]): typeof net {
  const layers = net.layers.map((layer) =>
    layer.type === 'Input'
      ? { ...layer, param: { ...layer.param, input_param: { shape: [{ dim: [...shape] }] } } }
      : layer,
  );
  return { ...net, layers: layers };
}

/**
 * Draws a picture of a kind, mixed with one of another kind and with noise: the less of its own kind, the
 * nearer to where a net changes its mind. Blue, green and red planes of bytes as floats.
 */
function pictures(size: number): (kind: number, share: number) => Float32Array {
  const even = evenNumbers(3);
  const normal = normalNumbers(4);
  const waves = Array.from({ length: kinds }, () =>
    Array.from({ length: 9 }, () => ({
      x: (even() - 0.5) * 0.6 * (113 / size),
      y: (even() - 0.5) * 0.6 * (113 / size),
      phase: 6.3 * even(),
    })),
  );
  return (kind, share) => {
    const other = Math.floor(even() * kinds);
    const data = new Float32Array(3 * size * size);
    for (let channel = 0, at = 0; channel < 3; channel++) {
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++, at++) {
          let sum = 4 * normal();
          for (let i = channel * 3; i < channel * 3 + 3; i++) {
            const own = waves[kind]?.[i];
            const mixed = waves[other]?.[i];
            if (own) sum += 40 * share * Math.sin(own.x * x + own.y * y + own.phase);
            if (mixed) sum += 40 * (1 - share) * Math.sin(mixed.x * x + mixed.y * y + mixed.phase);
          }
          data[at] = Math.max(0, Math.min(255, Math.round(128 + sum)));
        }
      }
    }
    return data;
  };
}

function writePpm(file: string, planes: Float32Array, size: number): void {
  const area = size * size;
  const head = Buffer.from(`P6 ${size} ${size} 255\n`);
  const pixels = Buffer.alloc(3 * area);
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels[3 * i + channel] = planes[(2 - channel) * area + i] ?? 0;
    }
  }
  writeFileSync(file, Buffer.concat([head, pixels]));
}

/** Seconds of a float pass over images that are decoded already. */
async function floatPass({ model, weights, list }: Files): Promise<number> {
  const net = buildNet(readNetFile(model), netState('TEST'));
  const data = await NetData.open(net, {
    cwd: path.dirname(model),
    images: { list, meanValues: [grey] },
  });
  try {
    const iterations = testImages / batchSize;
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

/** Layers of a net that are quantized. */
export function depthOf(name: string): number {
  const prototxt = nets[name]?.prototxt ?? '';
  return [...prototxt.matchAll(/type: "(\w+)"/g)].filter(([, type = '']) => parameterGroup(type))
    .length;
}

/** Counts sessions and the time to make them, until the result is called. */
function countSessions(): () => { readonly sessions: number; readonly sessionSeconds: number } {
  const create = Session.create.bind(Session);
  let sessions = 0;
  let seconds = 0;
  Session.create = async (...given): Promise<Session> => {
    const start = performance.now();
    try {
      return await create(...given);
    } finally {
      sessions++;
      seconds += (performance.now() - start) / 1000;
    }
  };
  return () => {
    Session.create = create;
    return { sessions, sessionSeconds: seconds };
  };
}
