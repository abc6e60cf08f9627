import type { DecodedImage } from './decodedImage';

/** Bits after the point of OpenCV's integer weights. */
const weightBits = 11;

/** Where one output pixel of a line takes its two inputs, and how much of each. */
interface Tap {
  readonly first: number;
  readonly second: number;
  readonly firstWeight: number;
  readonly secondWeight: number;
}

/**
 * Resizes an image of bytes as OpenCV's `resize` does with its default, bilinear interpolation:
 * centres of pixels half a pixel in, no smoothing before shrinking, integer weights of 11 bits. Half
 * the size exactly is the mean of four pixels, as there.
 *
 * @returns C x height x width
 */
export function resizeBilinear(image: DecodedImage, height: number, width: number): DecodedImage {
  if (image.height === height && image.width === width) return image;
  const isHalf = image.height === 2 * height && image.width === 2 * width;
  const columns = columnTaps(image.width, width);
  const rows = rowTaps(image.height, height);
  const pixels = new Uint8Array(image.channels * height * width);
  for (let channel = 0; channel < image.channels; channel++) {
    const size = image.height * image.width;
    const from = image.pixels.subarray(channel * size, (channel + 1) * size);
    const to = pixels.subarray(channel * height * width, (channel + 1) * height * width);
    if (isHalf) halve(from, image.width, to, height, width);
    else interpolate(from, image.width, to, rows, columns);
  }
  return { channels: image.channels, height, width, pixels };
}

/** Past an edge only the outermost pixel counts. */
function columnTaps(from: number, to: number): Tap[] {
  return Array.from({ length: to }, (_, i) => {
    const { first, share } = centreOf(i, from, to);
    if (first < 0) return tap(0, 0, 0);
    return first >= from - 1 ? tap(from - 1, from - 1, 0) : tap(first, first + 1, share);
  });
}

/** Past an edge OpenCV adds the outermost row to itself, each time with its rounding. */
function rowTaps(from: number, to: number): Tap[] {
  const inside = (row: number): number => Math.min(Math.max(row, 0), from - 1);
  return Array.from({ length: to }, (_, i) => {
    const { first, share } = centreOf(i, from, to);
    return tap(inside(first), inside(first + 1), share);
  });
}

/** The pixel before a centre, and how far on the centre lies: in OpenCV's steps of float32. */
function centreOf(i: number, from: number, to: number): { first: number; share: number } {
  // OpenCV takes the reciprocal of the factor, which may differ in the last bit.
  const centre = Math.fround((i + 0.5) * (1 / (to / from)) - 0.5);
  const first = Math.floor(centre);
  return { first, share: Math.fround(centre - first) };
}

function tap(first: number, second: number, share: number): Tap {
  return {
    first,
    second,
    firstWeight: roundEven(Math.fround(Math.fround(1 - share) * 2 ** weightBits)),
    secondWeight: roundEven(Math.fround(share * 2 ** weightBits)),
  };
}

function interpolate(
  from: Uint8Array,
  stride: number,
  to: Uint8Array,
  rows: readonly Tap[],
  columns: readonly Tap[],
): void {
  const line = (row: number): Int32Array =>
    Int32Array.from(columns, ({ first, second, firstWeight, secondWeight }) => {
      const start = row * stride;
      return from[start + first]! * firstWeight + from[start + second]! * secondWeight;
    });
  let known = new Map<number, Int32Array>();
  rows.forEach(({ first, second, firstWeight, secondWeight }, y) => {
    const upper = known.get(first) ?? line(first);
    const lower = known.get(second) ?? line(second);
    known = new Map([
      [first, upper],
      [second, lower],
    ]);
    for (let x = 0; x < columns.length; x++) {
      // The shifts are OpenCV's own, which drop bits on the way.
      const sum =
        ((firstWeight * (upper[x]! >> 4)) >> 16) + ((secondWeight * (lower[x]! >> 4)) >> 16);
      to[y * columns.length + x] = (sum + 2) >> 2;
    }
  });
}

function halve(
  from: Uint8Array,
  stride: number,
  to: Uint8Array,
  height: number,
  width: number,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 2 * y * stride + 2 * x;
      const sum = from[at]! + from[at + 1]! + from[at + stride]! + from[at + stride + 1]!;
      to[y * width + x] = (sum + 2) >> 2;
    }
  }
}

/** Ties go to the even neighbour, as in OpenCV's conversion to short. */
function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
