import path from 'node:path';
import { writeCaffemodel } from '../../src/caffe/writeCaffemodel';
import type { Net } from '../../src/caffe/net';
import { randomWeights } from './randomWeights';
import { netOf } from './nets';

/** How blobs are named where a layer changes one: the same blob again, or one of its own. */
export type Spelling = 'in place' | 'tops of their own';

/** A layer of a net that can be spelled both ways. */
export interface SpelledLayer {
  readonly name: string;
  readonly type: string;
  /** Names of the layers whose tops it reads. */
  readonly reads: readonly string[];
  readonly param?: string;
  /** Whether it changes what it reads first, in the spelling that does so. */
  readonly isInPlace?: boolean;
}

/** A net on the bundled digits, as text. */
export function spell(layers: readonly SpelledLayer[], spelling: Spelling): string {
  const blobs = new Map([['data', 'data']]);
  const lines = layers.map(({ name, type, reads, param = '', isInPlace = false }) => {
    const bottoms = reads.map((layer) => blobs.get(layer) ?? layer);
    const top = isInPlace && spelling === 'in place' ? (bottoms[0] ?? name) : name;
    blobs.set(name, top);
    const fields = bottoms.map((bottom) => `bottom: "${bottom}" `).join('');
    return `layer { name: "${name}" type: "${type}" ${fields}top: "${top}" ${param} }`;
  });
  const last = blobs.get(layers.at(-1)?.name ?? '') ?? '';
  const source = (phase: string, folder: string, batch: number): string =>
    `layer { name: "digits" type: "Data" top: "data" top: "label" include { phase: ${phase} }
       transform_param { scale: 0.00390625 }
       data_param { source: "${folder}" batch_size: ${batch} backend: LMDB } }`;
  return [
    'name: "net"',
    source('TRAIN', 'mnist_train_lmdb', 8),
    source('TEST', 'mnist_test_lmdb', 50),
    ...lines,
    `layer { name: "hits" type: "Accuracy" bottom: "${last}" bottom: "label" top: "hits"
       include { phase: TEST } }`,
    `layer { name: "loss" type: "SoftmaxWithLoss" bottom: "${last}" bottom: "label" top: "loss"
       include { phase: TRAIN } }`,
    '',
  ].join('\n');
}

/** What is left of a prototxt without the names of blobs. */
export function withoutBlobs(prototxt: string): string {
  return prototxt.replaceAll(/\b(top|bottom): *"[^"]*" */g, '');
}

/**
 * Writes made-up weights whose outputs are far from what BatchNorm makes of them.
 *
 * @returns the file
 */
export function writeLargeWeights(folder: string, prototxt: string): string {
  const net: Net = netOf(prototxt);
  const shapes = new Map([
    ['data', [1, 1, 28, 28]],
    ['label', [1]],
  ]);
  const types = new Map(net.layers.map(({ name, type }) => [name, type]));
  const layers = randomWeights(net, shapes).map((layer) => {
    const type = types.get(layer.name) ?? '';
    // Mean and variance come last in BN, first in BatchNorm.
    const factors =
      type === 'Convolution'
        ? [100, 10]
        : type === 'BatchNorm'
          ? [1, 1e4]
          : type === 'BN'
            ? [1, 1, 1, 1e4]
            : [];
    return {
      ...layer,
      blobs: layer.blobs.map((blob, i) => ({
        ...blob,
        data: blob.data.map((x) => x * (factors[i] ?? 1)),
      })),
    };
  });
  const file = path.join(folder, 'net.caffemodel');
  writeCaffemodel(file, { name: 'net', layers });
  return file;
}
