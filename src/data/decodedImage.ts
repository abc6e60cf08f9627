import type { ImageShape } from './datum';

/** An image of bytes: C x H x W, the channels in the order blue, green, red, alpha. */
export interface DecodedImage extends ImageShape {
  readonly pixels: Uint8Array;
}
