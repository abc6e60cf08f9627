import { gridOf, writeRounding, type NumberFormat } from '../formats/formats';
import { writeShortGridNodes } from '../formats/grid';
import type { NodeWriter } from '../formats/nodeWriter';

/** How the rounding of a value to a number format is said in ONNX. */
export interface QuantizerDialect {
  /** Writes the nodes, and returns the rounded value. */
  writeRounding<Value>(nodes: NodeWriter<Value>, value: Value, format: NumberFormat): Value;
}

/** Says what the format does, step by step: for files that others read. */
export const exactDialect: QuantizerDialect = { writeRounding };

/**
 * Says what runs fastest: the same numbers, to the bit but for the sign of a zero. Formats on a grid
 * become three nodes that each go through the values once, two of which are additions.
 */
export const scoringDialect: QuantizerDialect = {
  writeRounding: (nodes, value, format) => {
    const grid = gridOf(format);
    const short = grid === undefined ? undefined : writeShortGridNodes(nodes, value, grid);
    return short ?? writeRounding(nodes, value, format);
  },
};
