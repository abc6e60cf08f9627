import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Workplace, type CliResult } from '../../support/cli';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterEach(() => {
  rmSync(place.path('out'), { recursive: true });
  mkdirSync(place.path('out'));
});
afterAll(() => place.remove());

const weights = 'examples/mnist/lenet.caffemodel';
const model = 'examples/mnist/lenet_train_test.prototxt';

/** Every file and folder of the workplace. */
function listing(): string[] {
  return readdirSync(place.folder, { recursive: true, encoding: 'utf8' }).sort();
}

/** Expects one line on stderr, nothing on stdout, and no file more or less than before. */
function expectNothingWritten(
  run: () => CliResult,
  code: number,
  ...patterns: (string | RegExp)[]
): void {
  const before = listing();
  const result = run();
  expect(result.code, result.stderr).toBe(code);
  expect(result.stdout).toBe('');
  const lines = result.stderr.trimEnd().split('\n');
  expect(lines, result.stderr).toHaveLength(1);
  for (const pattern of patterns) expect(lines[0]).toMatch(pattern);
  expect(listing()).toEqual(before);
}

const forced = (flags: Readonly<Record<string, string | undefined>>): CliResult =>
  place.run('quantize', ...place.quantizeFlags(flags), '--force');

describe('an output that the run reads', () => {
  it.each(['model_quantized', 'report'])('--%s: a database, even with --force', (flag) => {
    const databases = ['mnist_test_lmdb', 'mnist_train_lmdb'];
    for (const name of databases) {
      const database = `examples/mnist/${name}/data.mdb`;
      const before = readFileSync(place.path(database));
      expectNothingWritten(() => forced({ [flag]: database }), 1, database, `--${flag}`, 'input');
      expect(readFileSync(place.path(database)).equals(before)).toBe(true);
    }
  });

  it('--report: the caffemodel, even with --force', () => {
    expectNothingWritten(() => forced({ report: weights }), 1, weights, '--report');
  });

  it('--report: the quantized prototxt, by another name of its folder', () => {
    symlinkSync(place.path('out'), place.path('other_name'));
    expectNothingWritten(
      () => place.quantize({ report: 'other_name/quantized.prototxt' }),
      1,
      'other_name/quantized.prototxt: --report',
    );
    rmSync(place.path('other_name'));
  });

  it('convert --output: both inputs, also through a link', () => {
    symlinkSync(place.path(model), place.path('link.onnx'));
    for (const output of [model, weights, 'link.onnx']) {
      const args = ['convert', `--model=${model}`, `--weights=${weights}`, `--output=${output}`];
      expectNothingWritten(() => place.run(...args, '--force'), 1, `${output}: --output: `);
    }
    rmSync(place.path('link.onnx'));
  });
});

describe('what convert reads', () => {
  it('is protected even with --force: databases, whatever lies in them, and mean files', () => {
    const withMean = 'examples/mnist/mean.prototxt';
    const text = readFileSync(place.path(model), 'utf8');
    writeFileSync(place.path(withMean), text.replace(/scale: 0\.00390625/g, 'mean_file: "mean"'));
    writeFileSync(place.path('examples/mnist/mean'), 'mean');
    writeFileSync(place.path('examples/mnist/mnist_test_lmdb/lock.mdb'), '');
    const convert = (output: string) => () =>
      place.run(
        'convert',
        `--model=${withMean}`,
        `--weights=${weights}`,
        `--output=${output}`,
        '--force',
      );
    for (const name of ['mnist_test_lmdb/data.mdb', 'mnist_test_lmdb/lock.mdb', 'mean']) {
      const file = `examples/mnist/${name}`;
      const before = readFileSync(place.path(file));
      expectNothingWritten(convert(file), 1, file, '--output: this file is an input');
      expect(readFileSync(place.path(file)).equals(before)).toBe(true);
    }
    for (const name of [
      withMean,
      'examples/mnist/mean',
      'examples/mnist/mnist_test_lmdb/lock.mdb',
    ]) {
      rmSync(place.path(name));
    }
  });
});

describe('a link that leads nowhere yet', () => {
  it('is followed to the end, and stays', () => {
    mkdirSync(place.path('out/deep'));
    symlinkSync('deep/second', place.path('out/first'));
    symlinkSync('real.prototxt', place.path('out/deep/second'));
    const { code, stderr } = place.quantize({ model_quantized: 'out/first' });
    expect(code, stderr).toBe(0);
    expect(lstatSync(place.path('out/first')).isSymbolicLink()).toBe(true);
    expect(readdirSync(place.path('out/deep')).sort()).toEqual(['real.prototxt', 'second']);
    expect(readFileSync(place.path('out/first'), 'utf8')).toContain('quantization_param');
  });

  it('may end in a folder that is not there, or in a circle', () => {
    symlinkSync('none/real', place.path('out/lost'));
    symlinkSync('round', place.path('out/round'));
    const quantize = (name: string) => () => place.quantize({ model_quantized: `out/${name}` });
    expectNothingWritten(quantize('lost'), 1, 'out/none does not exist');
    expectNothingWritten(quantize('round'), 1, 'a link that leads in a circle');
  });
});

describe('a place that cannot be written', () => {
  it.skipIf(process.getuid?.() === 0)('without permission: no word of files of our own', () => {
    chmodSync(place.path('out'), 0o500);
    expectNothingWritten(
      () => place.quantize(),
      1,
      /--model_quantized: cannot be written \(no permission\)$/,
    );
    chmodSync(place.path('out'), 0o700);
  });

  it('--report in a folder that does not exist, or below a file', () => {
    expectNothingWritten(() => place.quantize({ report: 'none/r.json' }), 1, '--report', 'none');
    expectNothingWritten(
      () => place.quantize({ report: `${weights}/r.json` }),
      1,
      `${weights}/r.json: --report`,
      'is no folder',
    );
  });

  it('what is neither file nor folder, even with --force', async () => {
    // A socket of our own: a program that got this wrong would replace a device for good.
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(place.path('out/socket'), resolve));
    expectNothingWritten(
      () => forced({ model_quantized: 'out/socket' }),
      1,
      'out/socket: --model_quantized: this is no regular file',
    );
    await new Promise((resolve) => server.close(resolve));
  });

  it('convert --output in a folder that does not exist', () => {
    expectNothingWritten(
      () =>
        place.run('convert', `--model=${model}`, `--weights=${weights}`, '--output=none/net.onnx'),
      1,
      'none/net.onnx: --output: ',
    );
  });
});

describe('a file that is there already', () => {
  it.each([
    ['--model_quantized: a float prototxt', { model_quantized: 'out/mine' }, model],
    ['--report: a JSON file of something else', { report: 'out/mine' }, '.'],
  ])('%s stays as it is', (_, flags, source) => {
    const content = source === '.' ? '{"rows": 1}' : readFileSync(place.path(source));
    writeFileSync(place.path('out/mine'), content);
    expectNothingWritten(() => place.quantize(flags), 1, 'out/mine', 'exists', '--force');
    expect(readFileSync(place.path('out/mine')).equals(Buffer.from(content))).toBe(true);
  });

  it('of more than 2 GiB stays as it is', () => {
    writeFileSync(place.path('out/huge'), '');
    truncateSync(place.path('out/huge'), 3 * 2 ** 30);
    expectNothingWritten(
      () => place.quantize({ model_quantized: 'out/huge' }),
      1,
      'out/huge: --model_quantized: this file exists',
    );
  });

  it('from an earlier run is replaced, also an empty one; another name of it keeps its bytes', () => {
    writeFileSync(place.path('out/quantized.prototxt'), '');
    const flags = { report: 'out/run.json' };
    expect(place.quantize(flags).code).toBe(0);
    const first = readFileSync(place.path('out/quantized.prototxt'), 'utf8');
    linkSync(place.path('out/quantized.prototxt'), place.path('out/kept'));
    const again = place.quantize({ ...flags, trimming_mode: 'minifloat' });
    expect(again.code, again.stderr).toBe(0);
    const second = readFileSync(place.path('out/quantized.prototxt'), 'utf8');
    expect(second).toContain('precision: MINIFLOAT');
    expect(second).not.toBe(first);
    expect(readFileSync(place.path('out/kept'), 'utf8')).toBe(first);
    expect(place.outputs).toEqual(['kept', 'quantized.prototxt', 'run.json']);
  });

  it('from an earlier convert is replaced, any other is not', () => {
    const convert = (output: string): CliResult =>
      place.run('convert', `--model=${model}`, `--weights=${weights}`, `--output=${output}`);
    expect(convert('out/net.onnx').code).toBe(0);
    const first = readFileSync(place.path('out/net.onnx'));
    expect(convert('out/net.onnx').code).toBe(0);
    expect(readFileSync(place.path('out/net.onnx')).equals(first)).toBe(true);
    writeFileSync(place.path('out/other.onnx'), 'not ours');
    expectNothingWritten(() => convert('out/other.onnx'), 1, 'out/other.onnx', '--force');
  });
});

it('an optional flag with an empty value is one that is not given', () => {
  const { code, stderr } = place.quantize({ report: '', score: '', gpu: '', caffe_root: '' });
  expect(code, stderr).toBe(0);
  expect(place.outputs).toEqual(['quantized.prototxt']);
});
