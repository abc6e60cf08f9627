import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BatchSource } from '../../../src/data/batches';
import { readBlobFile } from '../../../src/data/blobFile';
import { decodeDatum, type Datum } from '../../../src/data/datum';
import { LmdbReader } from '../../../src/data/lmdb';
import { recordsOf, shared } from './fixtures';

const mnist = join(shared, 'mnist');
const cifar = join(shared, 'cifar-synth');

describe.skipIf(!existsSync(mnist))('MNIST (skipped where ../shared/data/mnist is missing)', () => {
  const idx = (name: string, header: number) =>
    gunzipSync(readFileSync(join(mnist, name))).subarray(header);

  it('has the images and labels of the original files', async () => {
    const images = idx('t10k-images-idx3-ubyte.gz', 16);
    const labels = idx('t10k-labels-idx1-ubyte.gz', 8);
    const source = await BatchSource.open({
      layerName: 'mnist',
      sourcePath: join(mnist, 'mnist_test_lmdb'),
      batchSize: 100,
      transform: { scale: 0.00390625 },
      phase: 'TEST',
      tops: 2,
    });
    expect(source.sourceRecords).toBe(10_000);
    let different = 0;
    for (let i = 0; i < 100; i++) {
      const batch = await source.batch(i);
      const start = i * 100 * 784;
      // A power of two: the scaled value is exact.
      batch.data.forEach((value, at) => (different += value * 256 === images[start + at] ? 0 : 1));
      batch.labels.forEach((label, at) => (different += label === labels[i * 100 + at] ? 0 : 1));
    }
    expect(different).toBe(0);
    expect(await source.batch(100)).toBe(await source.batch(0));
    await source.close();
  });
});

describe.skipIf(!existsSync(cifar))(
  'synthetic CIFAR (skipped where ../shared/data/cifar-synth is missing)',
  () => {
    it('subtracts the mean image', async () => {
      const meanFile = join(cifar, 'mean.binaryproto');
      const mean = readBlobFile(meanFile);
      expect(mean.shape).toEqual([1, 3, 32, 32]);
      const source = await BatchSource.open({
        layerName: 'cifar',
        sourcePath: join(cifar, 'cifar10_quick_lmdb'),
        batchSize: 100,
        transform: { meanFile },
        phase: 'TEST',
        tops: 2,
      });
      expect(source.shape).toEqual([100, 3, 32, 32]);
      const reader = LmdbReader.open(join(cifar, 'cifar10_quick_lmdb'));
      let index = 0;
      let different = 0;
      for (const { key, value } of recordsOf(reader)) {
        const datum = decodeDatum(value, { file: reader.path, index, key }) as Datum;
        const batch = await source.batch(Math.floor(index / 100));
        const start = (index % 100) * 3072;
        datum.pixels.forEach((pixel, i) => {
          const wanted = Math.fround(pixel - mean.data[i]!);
          if (batch.data[start + i] !== wanted) different++;
        });
        expect(batch.labels[index % 100]).toBe(datum.label);
        index++;
      }
      expect(index).toBe(1000);
      expect(different).toBe(0);
      reader.close();
      await source.close();
    });
  },
);
