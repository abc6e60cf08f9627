import { formatFloat } from './formatFloat';

/** Outputs with more values than this are summed up in one line. */
export const mostValues = 20;

/** `least 0, mean 0.001, largest 0.9` of the values of an output. */
export function describeValues(data: Float32Array): string {
  let [least, largest, sum] = [Infinity, -Infinity, 0];
  for (const value of data) {
    least = Math.min(least, value);
    largest = Math.max(largest, value);
    sum += value;
  }
  const mean = Math.fround(sum / data.length);
  return `least ${formatFloat(least)}, mean ${formatFloat(mean)}, largest ${formatFloat(largest)}`;
}
