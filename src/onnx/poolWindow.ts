/** One spatial axis of a pooling layer. */
export interface PoolAxis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
  /** Number of windows. */
  readonly outputs: number;
  /** Padding at the end that makes exactly `outputs` windows fit. */
  readonly padEnd: number;
  /** Some window reaches past the padded bottom, which Caffe's average does not count. */
  readonly overhangs: boolean;
  /** Some window lies wholly outside of the bottom. */
  readonly hasEmptyWindow: boolean;
}

/**
 * Windows of one axis as Caffe's PoolingLayer lays them: their number is rounded up (or down with
 * `round_mode: FLOOR`), and with any padding a last window that starts at or past the end of the
 * bottom and its leading padding is dropped.
 *
 * @param clips whether the layer has padding on any axis: then both axes are clipped
 */
export function poolAxis(options: {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
  readonly roundUp: boolean;
  readonly clips: boolean;
}): PoolAxis {
  const { size, kernel, stride, pad, roundUp, clips } = options;
  const steps = (size + 2 * pad - kernel) / stride;
  let outputs = (roundUp ? Math.ceil(steps) : Math.floor(steps)) + 1;
  if (clips && (outputs - 1) * stride >= size + pad) outputs--;
  const lastStart = (outputs - 1) * stride;
  const padEnd = Math.max(0, lastStart + kernel - size - pad);
  return {
    size,
    kernel,
    stride,
    pad,
    outputs,
    padEnd,
    overhangs: lastStart + kernel > size + 2 * pad,
    hasEmptyWindow: lastStart >= size + pad,
  };
}

/** What Caffe's average divides by along one axis: the window clipped to the padded bottom. */
export function averageWindow(axis: PoolAxis, output: number): number {
  const start = output * axis.stride - axis.pad;
  return Math.min(start + axis.kernel, axis.size + axis.pad) - start;
}
