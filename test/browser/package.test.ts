import { describe, expect, inject, it } from 'vitest';
import { zipEntries } from '../../scripts/zipEntries.mjs';

const entries = zipEntries(inject('vsix'));
const files = entries
  .map(({ name }) => name)
  .filter((name) => name.startsWith('extension/'))
  .map((name) => name.slice('extension/'.length));
const platform = `${process.platform}/${process.arch}`;

describe('the package', () => {
  it('holds what a user needs', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'readme.md',
        'changelog.md',
        'LICENSE.txt',
        'language-configuration.json',
        'syntaxes/prototxt.tmLanguage.json',
        'media/icon.png',
        'dist/extension.js',
        'dist/engine.js',
        'dist/cli.js',
        'examples/mnist/lenet_train_test.prototxt',
        'examples/mnist/lenet.caffemodel',
        'examples/mnist/mnist_test_lmdb/data.mdb',
        'examples/mnist/mnist_train_lmdb/data.mdb',
        'dist/node_modules/onnxruntime-node/dist/index.js',
        'dist/node_modules/onnxruntime-node/script/install.js',
        'dist/node_modules/onnxruntime-common/dist/cjs/index.js',
        'dist/node_modules/h5wasm/dist/node/hdf5_hl.js',
        'dist/node_modules/sharp/package.json',
        `dist/node_modules/@img/sharp-${process.platform}-${process.arch}/package.json`,
        'dist/node_modules/classic-level/index.js',
        `dist/node_modules/onnxruntime-node/bin/napi-v6/${platform}/onnxruntime_binding.node`,
      ]),
    );
  });

  it('holds native files of one platform only', () => {
    const native = files.filter((name) => name.includes('/bin/'));
    expect(native.filter((name) => !name.includes(`/bin/napi-v6/${platform}/`))).toEqual([]);
    const prebuilt = files.filter((name) => name.includes('/prebuilds/'));
    expect(prebuilt.length).toBeGreaterThan(0);
    expect(prebuilt.filter((name) => !name.includes(`${process.platform}-`))).toEqual([]);
  });

  it('holds no sources, maps, tests or results', () => {
    const unwanted = /\.(ts|map|log)$|\.test\.|(^|\/)tests?\/|^src\/|^node_modules\/|quantized/;
    expect(files.filter((name) => unwanted.test(name))).toEqual([]);
    expect(files).not.toContain('dist/bench.js');
  });

  it('is not larger than it must be', () => {
    const own = entries.filter(({ name }) => !name.startsWith('extension/dist/node_modules/'));
    const megabytes = own.reduce((sum, { size }) => sum + size, 0) / 1e6;
    // The example's weights and digits are 4 MB of it.
    expect(megabytes).toBeLessThan(10);
  });
});
