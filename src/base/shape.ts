/** Dimensions of a tensor, row-major; images are NCHW. */
export type Shape = readonly number[];

/** `20x1x5x5`; a scalar's shape is written as `scalar`. */
export function formatShape(shape: Shape): string {
  return shape.length === 0 ? 'scalar' : shape.join('x');
}
