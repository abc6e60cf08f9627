/** Passes that a search expects still to need, in passes of the whole net; expected numbers, so no whole ones. */
export interface ExpectedWork {
  /** Over all scoring data. */
  readonly score: number;
  /** Over the calibration data. */
  readonly sample: number;
}

/** Share of a pass that the layers before do not matter to: to load the net, to read what it needs. */
const fixedShare = 0.3;

/**
 * What a pass costs that runs the net only from a layer on, as a share of a pass of the whole net: earlier
 * layers' outputs are kept.
 *
 * @param operations multiply-accumulates of the net's layers, in order
 * @param from index of the first layer that is run
 */
export function tailShare(operations: readonly number[], from: number): number {
  const all = sum(operations);
  if (all === 0) return 1;
  return fixedShare + ((1 - fixedShare) * sum(operations.slice(from))) / all;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
