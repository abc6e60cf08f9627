/**
 * Indices spread over an array evenly enough to miss no channel.
 *
 * @returns at most `most` of the indices below `length`
 */
export function spreadIndices(length: number, most: number): readonly number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  // A golden stride does not fall into step with rows, channels or kernels.
  const stride = Math.floor(length * 0.6180339887498949) | 1;
  return Array.from({ length: most }, (_, i) => (i * stride) % length);
}
