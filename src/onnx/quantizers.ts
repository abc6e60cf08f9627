import type { NumberFormat } from '../formats/formats';
import type { NodeWriter } from '../formats/nodeWriter';
import type { GraphBuilder, Value } from './graph';

/**
 * Writes the nodes that round a value to a number format: a few elementwise standard operators
 * that give the same numbers as the original's GPU code (ties to even). Every quantizer of a graph comes
 * from here; the graph's dialect says which operators.
 *
 * @param name wish for the result's name
 */
export function emitQuantizer(
  builder: GraphBuilder,
  value: Value,
  format: NumberFormat,
  name: string,
): Value {
  const { shape } = value;
  const nodes: NodeWriter<Value> = {
    scalar: (number) => builder.scalar(number),
    step: (opType, inputs, part) =>
      builder.node(opType, inputs, { name: `${name}:${part}`, shape }),
    test: (opType, inputs, part) =>
      builder.node(opType, inputs, { name: `${name}:${part}`, shape, type: 'bool' }),
    select: (condition, then, otherwise, part) =>
      builder.node('Where', [condition, then, otherwise], {
        name: `${name}:${part}`,
        shape,
        type: 'float32',
      }),
    result: (opType, inputs) => builder.node(opType, inputs, { name, shape }),
  };
  return builder.dialect.writeRounding(nodes, value, format);
}
