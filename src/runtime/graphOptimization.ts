import type { Graph } from '../onnx/graph';

/** How far the runtime may rearrange a graph: `all` also stores channels in blocks of 8 or 16. */
export type GraphOptimization = 'all' | 'extended';

/** Channels that a block holds at least. */
const block = 8;

/**
 * Chooses what suits a net on the CPU. Convolutions over blocks of channels are a quarter to a half
 * faster where channels come in multiples of 8 (SqueezeNet, GoogLeNet, ResNet), and slower where they
 * are filled up with zeros (LeNet's 20 and 50). The two add in another order: one net must keep to one
 * of them, whole or in parts, for its numbers to stay the same to the bit.
 */
export function graphOptimization(graph: Graph): GraphOptimization {
  const shapes = new Map(graph.initializers.map(({ name, shape }) => [name, shape]));
  let [fitting, others] = [0, 0];
  for (const { opType, inputs, attributes } of graph.nodes) {
    if (opType !== 'Conv') continue;
    const shape = shapes.get(inputs[1] ?? '') ?? [];
    const [outputs = 0, channels = 0] = shape;
    const weights = shape.reduce((product, dim) => product * dim, 1);
    const isGrouped = attributes['group'] !== undefined && attributes['group'] !== 1;
    // Images have few channels, for which there is a kernel of its own.
    const fits = outputs % block === 0 && (isGrouped || channels <= 4 || channels % block === 0);
    if (fits) fitting += weights;
    else others += weights;
  }
  return fitting >= others ? 'all' : 'extended';
}
