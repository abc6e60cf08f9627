import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readCaffemodel } from '../../../src/caffe/caffemodel';
import type { Layer, Net } from '../../../src/caffe/net';
import { buildNet } from '../../../src/caffe/buildNet';
import { partThatMakes } from '../../../src/caffe/neededLayers';
import { parseNetFile } from '../../../src/caffe/netFile';
import { netState } from '../../../src/caffe/phase';
import { Evaluator } from '../../../src/engine/scoring/evaluator';
import { NetData } from '../../../src/engine/inputs/netData';
import { convertNet, type ConversionOptions } from '../../../src/onnx/convertNet';
import { writeModel } from '../../../src/onnx/model';
import { pointsOf, type Point, type PointOutputs } from '../../../src/onnx/observations';
import { SourceText } from '../../../src/prototxt/source';
import { quantizeBlob } from '../../../src/quantize/quantizedWeights';
import { largestOutputs } from '../../../src/runtime/scoreBatches';
import { graphOptimization } from '../../../src/runtime/graphOptimization';
import { Session } from '../../../src/runtime/session';
import { inputs, layer, netOf } from '../../support/nets';
import { repositoryRoot } from '../../support/shared';

const example = path.join(repositoryRoot, 'examples/mnist');
const model = path.join(example, 'lenet_train_test.prototxt');
const weights = readCaffemodel(path.join(example, 'lenet.caffemodel'));
const targets = (net: Net): Layer[] =>
  net.layers.filter(({ type }) => type === 'Convolution' || type === 'InnerProduct');

/** The example in the TRAIN phase, with dropout after its first FC layer if wanted. */
function trainNet(batch: number, drops: boolean): Net {
  const dropout = 'layer { name: "drop" type: "Dropout" bottom: "ip1" top: "ip1" }\n';
  const text = readFileSync(model, 'utf8')
    .replace('batch_size: 64', `batch_size: ${batch}`)
    .replace(/(?=layer \{\s*name: "ip2")/, drops ? dropout : '');
  const net = buildNet(parseNetFile(new SourceText(model, text)), netState('TRAIN'));
  expect(net.layers.some(({ type }) => type === 'Dropout')).toBe(drops);
  return net;
}

/** The ranges with whole batches, all layers and no further thought. */
async function plainRanges(net: Net, data: NetData): Promise<Ranges> {
  const places = pointsOf(net, targets(net));
  const { graph, observed } = convertNet(net, {
    weights,
    inputShapes: data.shapes,
    quantizeBlob,
    observed: allOf(places),
  });
  const session = await Session.create(
    writeModel(graph),
    { kind: 'cpu' },
    graphOptimization(graph),
  );
  const largest = await largestOutputs(session, data, { iterations: 3 });
  await session.release();
  const at = (point: Point): number | undefined => largest.get(outputOf(observed.get(point)));
  return [...places].map(([{ name }, { input, output }]) => [name, at(input), at(output)]);
}

type Ranges = readonly (readonly [string, number | undefined, number | undefined])[];

function allOf(places: ReturnType<typeof pointsOf>): ConversionOptions['observed'] {
  const points = [...places.values()].flatMap(({ input, output }) => [input, output]);
  return { points, measure: 'largest' };
}

function outputOf(outputs: PointOutputs | undefined): string {
  return outputs?.measure === 'largest' ? outputs.largest : '';
}

it.each([
  [64, false, 4],
  [100, false, 10],
  [33, false, 3],
  [19, false, 2],
  [64, true, 4],
  [34, true, 17],
  [19, true, 1],
])('batches of %i, dropout %j: the same ranges in %i pieces', async (batch, drops, pieces) => {
  const net = trainNet(batch, drops);
  const data = await NetData.open(net, { cwd: repositoryRoot }, 0);
  try {
    const evaluator = new Evaluator({ net, weights, data, provider: { kind: 'cpu' } });
    const done: number[] = [];
    const ranges = await evaluator.largest(targets(net), 3, (batches) => done.push(batches));
    const plain = await plainRanges(net, data);
    expect(plain.map(([name]) => name)).toEqual(['conv1', 'conv2', 'ip1', 'ip2']);
    expect([...ranges].map(([{ name }, { maxIn, maxOut }]) => [name, maxIn, maxOut])).toEqual(
      plain,
    );
    expect(done.at(-1)).toBe(3);
    expect(done).toHaveLength(3 * pieces);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  } finally {
    await data.close();
  }
});

it('the last blob is observed first, so that the runtime need not keep all of them', () => {
  const net = trainNet(64, false);
  const shapes = new Map([
    ['data', [64, 1, 28, 28]],
    ['label', [64]],
  ]);
  const { graph, observed } = convertNet(partThatMakes(net, ['ip2']), {
    weights,
    inputShapes: shapes,
    quantizeBlob,
    observed: allOf(pointsOf(net, targets(net))),
  });
  // The data, and two blobs a layer but for the last one.
  const names = new Set([...observed.values()].map((outputs) => outputOf(outputs)));
  expect(names.size).toBe(7);
  expect(graph.outputs.map(({ name }) => name)).toEqual([...names]);
  const made = graph.nodes.flatMap(({ outputs }) => outputs);
  const magnitudes = graph.nodes
    .filter(({ opType }) => opType === 'ReduceMax')
    .map(({ inputs: [magnitude = ''], outputs }) => {
      const { inputs: [value = ''] = [] } =
        graph.nodes.find(({ outputs: [made] }) => made === magnitude) ?? {};
      return { place: made.indexOf(value), name: outputs[0] };
    });
  expect(magnitudes.map(({ name }) => name)).toEqual([...names]);
  const places = magnitudes.map(({ place }) => place);
  expect(places).toEqual([...places].sort((a, b) => b - a));
});

it('only the layers that make the blobs wanted are run', () => {
  const net = netOf(
    inputs('x', 'label') +
      layer('a', 'ReLU', 'x', 'a') +
      layer('side', 'ReLU', 'x', 'side') +
      layer('b', 'ReLU', 'a', 'b') +
      layer('in place', 'ReLU', 'b', 'b') +
      layer('loss', 'SoftmaxWithLoss', 'b label', 'loss'),
  );
  const part = partThatMakes(net, ['a', 'b']);
  expect(part.layers.map(({ name }) => name)).toEqual(['x', 'a', 'b', 'in place']);
  expect(part.outputs).toEqual([]);
});
