import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Net } from '../../../src/caffe/net';
import { buildNet } from '../../../src/caffe/buildNet';
import { readNetFile } from '../../../src/caffe/netFile';
import { netState } from '../../../src/caffe/phase';
import { convertNet } from '../../../src/onnx/convertNet';
import type { Shape } from '../../../src/base/shape';
import { inferShapes } from '../../../src/onnx/inferShapes';
import { writeModel } from '../../../src/onnx/model';
import { sourceOf } from '../../../src/onnx/registry';
import { quantizeBlob } from '../../../src/quantize/quantizedWeights';
import { Session } from '../../../src/runtime/session';
import { checkModel } from '../../support/checkModel';
import { randomWeights } from '../../support/randomWeights';
import { weightsOf } from '../../support/runModel';
import { hasShared, shared } from '../../support/shared';

const folder = ['data', 'nets'] as const;
const files = hasShared(...folder) ? readdirSync(shared(...folder)) : [];
const nets = files.filter((name) => !name.includes('solver'));

/** Why a public net is no net for us. */
const excluded: Readonly<Record<string, RegExp>> = {
  'bvlc-pycaffe-linreg.prototxt': /"Python", which is not supported/,
  // Regions cut out of images, for R-CNN.
  'bvlc-finetune_pascal_detection-pascal_finetune_trainval_test.prototxt': /"WindowData"/,
};

/** Nets small enough to be run in a unit test: weights in millions at most. */
const mostWeights = 12e6;

/** Made-up sizes for what data layers bring. */
function dataShapes(net: Net): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const layer of net.layers.filter((l) => sourceOf(l) !== undefined && l.type !== 'Input')) {
    const crop = layer.param.transform_param?.crop_size ?? 0;
    const size = crop > 0 ? crop : net.name.includes('CIFAR') ? 32 : 28;
    const isMnist = net.file.source.path.includes('mnist');
    const isTable = net.file.source.path.includes('hdf5');
    // The two digits of a pair are two channels.
    const channels = net.file.source.path.includes('siamese') ? 2 : isMnist ? 1 : 3;
    layer.tops.forEach((top, i) =>
      shapes.set(top, i > 0 ? [2] : isTable ? [2, 4] : [2, channels, size, size]),
    );
  }
  return shapes;
}

describe.skipIf(files.length === 0)('public nets with made-up weights (need ../shared)', () => {
  it.each(nets)('%s', async (name) => {
    const file = readNetFile(shared(...folder, name));
    // The autoencoder tests on two sets, which a stage chooses between.
    const state = {
      ...netState('TEST'),
      stages: name.includes('autoencoder') ? ['test-on-test'] : [],
    };
    const reason = excluded[name];
    if (reason !== undefined) {
      expect(() => inferShapes(buildNet(file, state), new Map())).toThrow(reason);
      return;
    }
    const net = buildNet(file, state);
    const inputShapes = dataShapes(net);
    const weightShapes = [...inferShapes(net, inputShapes).weights.values()].flat();
    const count = weightShapes
      .map(({ shape }) => shape.reduce((product, dim) => product * dim, 1))
      .reduce((sum, size) => sum + size, 0);
    if (count > mostWeights) return;
    const layers = randomWeights(net, inputShapes);
    const weights = weightsOf(
      Object.fromEntries(
        layers.map(({ name: layer, blobs }) => [
          layer,
          blobs.map(({ shape, data }) => ({ shape, data: data as unknown as number[] })),
        ]),
      ),
    );
    const { graph } = convertNet(net, { weights, inputShapes, quantizeBlob });
    const model = writeModel(graph);
    checkModel(model);
    const session = await Session.create(model, { kind: 'cpu' });
    const outputs = await session.run(
      new Map(
        graph.inputs.map(({ name: input, shape }) => {
          const size = shape.reduce((product, dim) => product * dim, 1);
          const data = new Float32Array(size).map((_, i) => (shape.length > 1 ? Math.sin(i) : 1));
          return [input, { shape, data }];
        }),
      ),
    );
    await session.release();
    expect([...outputs.keys()].sort()).toEqual(net.outputs.map(String).sort());
    for (const [output, { data }] of outputs) {
      expect(data.every(Number.isFinite), `${output} is finite`).toBe(true);
    }
  });
});
