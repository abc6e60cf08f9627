import { readCaffemodel, type Weights } from '../../src/caffe/caffemodel';
import { buildNet } from '../../src/caffe/buildNet';
import { parseNetFile } from '../../src/caffe/netFile';
import { netState, type NetState } from '../../src/caffe/phase';
import { convertNet, type ConversionOptions } from '../../src/onnx/convertNet';
import type { Shape } from '../../src/base/shape';
import { writeModel } from '../../src/onnx/model';
import { SourceText } from '../../src/prototxt/source';
import { quantizeBlob } from '../../src/quantize/quantizedWeights';
import { Session, type Tensor } from '../../src/runtime/session';
import { checkModel } from './checkModel';

export interface TestWeights {
  readonly [layer: string]: readonly { readonly shape: Shape; readonly data: readonly number[] }[];
}

/** Weights held in memory, as a reader would give them. */
export function weightsOf(layers: TestWeights): Weights {
  const list = Object.entries(layers).map(([name, blobs]) => ({
    name,
    type: undefined,
    blobs: blobs.map(({ shape, data }) => ({
      shape,
      legacyShape: false,
      data: Float32Array.from(data),
    })),
  }));
  return {
    path: 'test.caffemodel',
    layers: list,
    byName: (name) => list.find((l) => l.name === name),
  };
}

/** Converts a net given as text, writes it as ONNX bytes and runs those bytes. */
export async function runNet(
  prototxt: string,
  weights: Weights | string,
  inputs: Readonly<Record<string, Tensor>>,
  options: Partial<ConversionOptions> & { readonly state?: NetState } = {},
): Promise<ReadonlyMap<string, Tensor>> {
  const file = parseNetFile(new SourceText('test.prototxt', prototxt));
  const net = buildNet(file, options.state ?? netState('TEST'));
  const { graph } = convertNet(net, {
    weights: typeof weights === 'string' ? readCaffemodel(weights) : weights,
    inputShapes: new Map(Object.entries(inputs).map(([name, { shape }]) => [name, shape])),
    quantizeBlob,
    ...options,
  });
  const model = writeModel(graph);
  checkModel(model);
  const session = await Session.create(model, { kind: 'cpu' });
  try {
    return await session.run(new Map(Object.entries(inputs)));
  } finally {
    await session.release();
  }
}
