import type { NodeWriter } from './nodeWriter';

/** Numbers that are whole multiples of a step, 0 among them. */
export interface Grid {
  /** A power of two. */
  readonly step: number;
  /** The outermost numbers in steps: integers. */
  readonly lowest: number;
  readonly highest: number;
}

/** Adding and subtracting this rounds a double below 2^51 to an integer, ties to even. */
export const roundingBias = 1.5 * 2 ** 52;

/** `s round(clamp(x, lowest s, highest s) / s)` with the step s, ties to even. */
export function roundToGrid(data: Float32Array, grid: Grid): Float32Array {
  const { step } = grid;
  const scale = 1 / step;
  // The original keeps its limits in float32, where 2^31 - 1 is 2^31.
  const lowest = Math.fround(grid.lowest * step);
  const highest = Math.fround(grid.highest * step);
  const rounded = new Float32Array(data.length);
  // A plain loop: a callback a number takes ten times as long, and large layers have 10^8 of them.
  for (let i = 0; i < data.length; i++) {
    const x = data[i] ?? 0;
    const clamped = x < lowest ? lowest : x > highest ? highest : x;
    rounded[i] = (clamped * scale + roundingBias - roundingBias) * step;
  }
  return rounded;
}

/**
 * Numbers in steps, rounded: what an integer machine stores. The 2^31 steps that a 32-bit format saturates
 * to as float32 are 2^31 - 1 here.
 *
 * @returns of a grid without numbers below 0 a Uint32Array
 */
export function toIntegers(data: Float32Array, grid: Grid): Int32Array | Uint32Array {
  const scale = 1 / grid.step;
  const integers = grid.lowest < 0 ? new Int32Array(data.length) : new Uint32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const steps = (data[i] ?? 0) * scale;
    const clamped = Math.min(grid.highest, Math.max(grid.lowest, steps));
    integers[i] = clamped + roundingBias - roundingBias;
  }
  return integers;
}

/**
 * The nodes of {@link roundToGrid}: `s clamp(round(x / s), lowest, highest)`. Dividing by a power of two is
 * exact and the limits are integers, so that clamping after rounding equals the original's order.
 */
export function writeGridNodes<Value>(nodes: NodeWriter<Value>, value: Value, grid: Grid): Value {
  const scaled = nodes.step('Mul', [value, nodes.scalar(1 / grid.step)], 'scaled');
  const rounded = nodes.step('Round', [scaled], 'rounded');
  const limits = [nodes.scalar(grid.lowest), nodes.scalar(grid.highest)];
  const clipped = nodes.step('Clip', [rounded, ...limits], 'clipped');
  return nodes.result('Mul', [clipped, nodes.scalar(grid.step)]);
}

/** Adding and subtracting so many steps rounds a float32 of at most 2^22 steps to whole ones, ties to even. */
const shortBias = 1.5 * 2 ** 23;
const mostShortSteps = 2 ** 22;
/** Powers of two of steps with which all numbers on the way are normal ones of float32. */
const mostShortExponent = 100;

/**
 * Shorter nodes for {@link roundToGrid}: `clamp(x, lowest s, highest s) + C - C` with
 * `C = 1.5 2^23 s`, where the step is the spacing of float32 numbers. What would be -0 is 0.
 *
 * @returns undefined for a grid of more steps than the 2^22 that this holds for
 */
export function writeShortGridNodes<Value>(
  nodes: NodeWriter<Value>,
  value: Value,
  { step, lowest, highest }: Grid,
): Value | undefined {
  if (Math.max(-lowest, highest) > mostShortSteps) return undefined;
  if (Math.abs(Math.log2(step)) > mostShortExponent) return undefined;
  const limits = [nodes.scalar(lowest * step), nodes.scalar(highest * step)];
  const clipped = nodes.step('Clip', [value, ...limits], 'clipped');
  const bias = nodes.scalar(shortBias * step);
  return nodes.result('Sub', [nodes.step('Add', [clipped, bias], 'rounded'), bias]);
}

/** Whether every number of `inner` is a number of `outer` too. */
export function isWithinGrid(inner: Grid | undefined, outer: Grid): boolean {
  if (inner === undefined) return false;
  return (
    outer.step <= inner.step &&
    outer.lowest * outer.step <= inner.lowest * inner.step &&
    outer.highest * outer.step >= inner.highest * inner.step
  );
}
