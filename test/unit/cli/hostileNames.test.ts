import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCaffemodel } from '../../../src/caffe/writeCaffemodel';
import { quote } from '../../../src/prototxt/strings';
import { testBuildFolder } from '../../support/buildCli';
import { Workplace } from '../../support/cli';

/** Sets the window's title, clears the screen, begins a line of its own, turns text round. */
const attack = '\x1b]0;owned\x07\x1b[2J\x9b31m\r\nristretto: forged\u2028\u202e';
const layer = `fc${attack}`;
const blob = `top${attack}`;
const image = `image${attack.replaceAll('/', '')}.ppm`;

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
  mkdirSync(place.path('img'));
  const pixels = (seed: number): Buffer =>
    Buffer.from(Uint8Array.from({ length: 108 }, (_, i) => (i * seed * 37) % 251));
  for (const [index, name] of ['a.ppm', 'b.ppm'].entries()) {
    writeFileSync(
      place.path('img', name),
      Buffer.concat([Buffer.from('P6 6 6 255\n'), pixels(index + 1)]),
    );
  }
  writeFileSync(place.path('list.txt'), 'img/a.ppm 0\nimg/b.ppm 1\n');
  writeFileSync(place.path('net.prototxt'), net('list.txt'));
  const data = Float32Array.from({ length: 216 }, (_, i) => Math.sin(i * 1.7) / 100);
  const blobs = [
    { shape: [2, 108], data },
    { shape: [2], data: new Float32Array(2) },
  ];
  writeCaffemodel(place.path('w.caffemodel'), {
    name: 'n',
    layers: [{ name: layer, type: 'InnerProduct', blobs }],
  });
});
afterAll(() => place.remove());

function net(list: string): string {
  return `name: ${quote(attack)}
layer { name: "d" type: "ImageData" top: "data" top: "label"
  image_data_param { source: "${list}" batch_size: 1 } }
layer { name: ${quote(layer)} type: "InnerProduct" bottom: "data" top: ${quote(blob)}
  inner_product_param { num_output: 2 } }
layer { name: "acc" type: "Accuracy" bottom: ${quote(blob)} bottom: "label" top: ${quote(`a${attack}`)} }
layer { name: "p" type: "Softmax" bottom: ${quote(blob)} top: ${quote(`p${attack}`)} }
`;
}

/** No character that is obeyed, and no line that a name began. */
function expectHarmless(text: string): void {
  expect(text).toContain('\\x1b]0;owned\\x07\\x1b[2J\\x9b31m');
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
  expect(text).not.toMatch(/^ristretto: forged/m);
}

const common = ['--model=net.prototxt', '--weights=w.caffemodel'];

describe('names that hold control characters', () => {
  it.each([
    ['score', ['score', ...common, '--iterations=2']],
    ['score, all values', ['score', ...common, '--iterations=2', '--values']],
    ['convert', ['convert', ...common, '--output=out/net.onnx']],
    [
      'a refusal',
      [
        'convert',
        '--model=net.prototxt',
        '--weights=examples/mnist/lenet.caffemodel',
        '--output=o',
      ],
    ],
    ['a flag', ['score', ...common, `--iterations=${attack}`]],
    ['an unknown command', [attack]],
    ['a file', ['score', `--model=${attack}`, '--weights=w.caffemodel']],
  ])('%s: both streams show them', (_, args) => {
    const { stdout, stderr } = place.run(...args);
    expectHarmless(stdout + stderr);
  });

  it.each(['original', 'best'])('quantize, %s search', (search) => {
    const { code, stdout, stderr } = place.run(
      ...['quantize', ...common, '--model_quantized=out/q.prototxt', `--search=${search}`],
      ...['--trimming_mode=dynamic_fixed_point', '--iterations=2', '--error_margin=20'],
      ...['--calibration=test', `--score=a${attack}`, '--force'],
    );
    expectHarmless(stderr);
    expect(code, stderr).toBe(0);
    if (search === 'best') expectHarmless(stdout);
  });

  it('a list of images', () => {
    writeFileSync(place.path('bad.txt'), `${image.replace(/[\r\n]/g, '')} 1\n`);
    writeFileSync(place.path('bad.prototxt'), net('bad.txt'));
    const { code, stderr } = place.run('score', '--model=bad.prototxt', '--weights=w.caffemodel');
    expect(code).toBe(1);
    expectHarmless(stderr);
  });
});

const hasScript = spawnSync('script', ['--version']).status === 0;

it.skipIf(!hasScript)('the progress bar (needs util-linux `script`)', async () => {
  const args = ['quantize', ...common, '--model_quantized=out/t.prototxt', '--iterations=2'];
  const more = ['--search=best', '--trimming_mode=dynamic_fixed_point', '--calibration=test'];
  const program = path.join(testBuildFolder, 'cli.js');
  const command = [process.execPath, program, ...args, ...more, '--error_margin=20'];
  const child = spawn(
    'script',
    ['-qec', command.map((word) => `'${word}'`).join(' '), '/dev/null'],
    {
      cwd: place.folder,
      env: { ...process.env, TERM: 'xterm' },
      timeout: 30_000,
      killSignal: 'SIGKILL',
    },
  );
  let screen = '';
  child.stdout.on('data', (bytes: Buffer) => (screen += bytes.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  expect(screen).toContain('\\x1b]0;owned');
  // The bar's own codes are there, those of the names are not.
  for (const code of ['\x1b]0;', '\x1b[2J', '\x9b', '\u202e']) expect(screen).not.toContain(code);
});
