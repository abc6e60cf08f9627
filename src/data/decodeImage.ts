import type { Sharp } from 'sharp';
import { reasonOf } from '../prototxt/reason';
import type { ImageShape } from './datum';
import { resizeBilinear } from './resize';

/** How an image file becomes numbers. */
export interface ImageOptions {
  /** Three channels (BGR), or one; as stored where absent. */
  readonly colors?: 'color' | 'gray' | undefined;
  readonly size?: { readonly height: number; readonly width: number } | undefined;
}

/** An image of bytes: C x H x W, the channels in the order blue, green, red. */
export interface DecodedImage extends ImageShape {
  readonly pixels: Uint8Array;
}

/**
 * Decodes a JPEG, PNG or other image file as OpenCV does for Caffe: 8 bits, blue first, an alpha
 * channel left out, no colour management and no turning by EXIF. Gray is
 * `0.299 R + 0.587 G + 0.114 B`, rounded.
 *
 * @param fail makes the error for an image that cannot be decoded
 */
export async function decodeImage(
  bytes: Uint8Array,
  { colors, size }: ImageOptions,
  fail: (reason: string, cause: unknown) => Error,
): Promise<DecodedImage> {
  const decoded = await interleaved(bytes, fail);
  const { height, width } = decoded;
  const stored = decoded.isGray ? 1 : 3;
  const channels = colors === undefined ? stored : colors === 'color' ? 3 : 1;
  const pixels = new Uint8Array(channels * height * width);
  const plane = height * width;
  for (let i = 0; i < plane; i++) {
    const at = i * decoded.channels;
    const red = decoded.pixels[at] ?? 0;
    const green = decoded.isGray ? red : (decoded.pixels[at + 1] ?? 0);
    const blue = decoded.isGray ? red : (decoded.pixels[at + 2] ?? 0);
    if (channels === 3) {
      pixels[i] = blue;
      pixels[plane + i] = green;
      pixels[2 * plane + i] = red;
    } else {
      pixels[i] = stored === 3 ? gray(red, green, blue) : red;
    }
  }
  const image = { channels, height, width, pixels };
  return size === undefined ? image : resizeBilinear(image, size.height, size.width);
}

/** OpenCV's integers: the weights times 2^14, rounded. */
function gray(red: number, green: number, blue: number): number {
  return (red * 4899 + green * 9617 + blue * 1868 + 8192) >> 14;
}

async function interleaved(
  bytes: Uint8Array,
  fail: (reason: string, cause: unknown) => Error,
): Promise<DecodedImage & { readonly isGray: boolean }> {
  // Loaded only by nets that need it: the library brings its own of 18 MB.
  const { default: sharp } = await import('sharp');
  try {
    const image: Sharp = sharp(bytes, {
      failOn: 'error',
      ignoreIcc: true,
      limitInputPixels: 2 ** 28,
    });
    // The decoder itself turns gray into three equal channels.
    const { channels: stored } = await image.metadata();
    const { data, info } = await image
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { channels, height, width } = info;
    return { pixels: data, channels, height, width, isGray: stored < 3 };
  } catch (cause) {
    throw fail(reasonOf(cause).split('\n')[0] ?? '', cause);
  }
}
