/**
 * Writes elementwise nodes of a graph, all in the shape of the value that is rounded: as much of ONNX as
 * a number format needs to say how it rounds.
 *
 * @typeParam Value what stands for a value of the graph
 */
export interface NodeWriter<Value> {
  scalar(value: number): Value;
  /** @param part ending of the result's name */
  step(opType: string, inputs: readonly Value[], part: string): Value;
  /** A comparison. */
  test(opType: string, inputs: readonly Value[], part: string): Value;
  select(condition: Value, then: Value, otherwise: Value, part: string): Value;
  /** The last node, whose result bears the name that was asked for. */
  result(opType: string, inputs: readonly Value[]): Value;
}
