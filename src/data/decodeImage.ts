import type { Sharp } from 'sharp';
import { reasonOf } from '../base/reason';
import { decodeBmp, isBmp } from './bmp';
import { decodeNetpbm, isNetpbm } from './netpbm';
import type { DecodedImage } from './decodedImage';
import { resizeBilinear } from './resize';

/** How an image file becomes numbers. */
export interface ImageOptions {
  /** Three channels (BGR), or one; as stored where absent, an alpha channel too. */
  readonly colors?: 'color' | 'gray' | undefined;
  readonly size?: { readonly height: number; readonly width: number } | undefined;
}

/** Pixel by pixel: red, green, blue and, if the image has it, alpha. */
interface Interleaved extends DecodedImage {
  readonly isGray: boolean;
  readonly isPng: boolean;
}

/**
 * Decodes a JPEG, PNG or other image file as OpenCV 2.4 does for Caffe: 8 bits, blue first, no colour
 * management and no turning by EXIF. Without `colors` an image with alpha has four channels, as Caffe
 * reads encoded Datums.
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
  const channels = channelsOf(decoded, colors);
  const pixels = channels === 1 ? grayPixels(decoded) : planes(decoded, channels);
  const image = { channels, height, width, pixels };
  return size === undefined ? image : resizeBilinear(image, size.height, size.width);
}

function channelsOf({ channels, isGray }: Interleaved, colors: ImageOptions['colors']): number {
  if (colors === 'color') return 3;
  if (colors === 'gray') return 1;
  if (channels === 4) return 4;
  return isGray ? 1 : 3;
}

/** Where OpenCV has the channels that come as red, green, blue, alpha. */
const blueFirst = [2, 1, 0, 3];

function planes(decoded: Interleaved, channels: number): Uint8Array {
  const plane = decoded.height * decoded.width;
  const pixels = new Uint8Array(channels * plane);
  for (let channel = 0; channel < channels; channel++) {
    const from = blueFirst[channel] ?? channel;
    for (let i = 0; i < plane; i++) {
      pixels[channel * plane + i] = decoded.pixels[i * decoded.channels + from]!;
    }
  }
  return pixels;
}

/**
 * Gray as OpenCV's readers make it, `0.299 R + 0.587 G + 0.114 B`: libpng cuts the fraction off, the
 * others round. Of a JPEG OpenCV takes the stored brightness, which this is but for rounding.
 */
function grayPixels({ pixels, channels, height, width, isGray, isPng }: Interleaved): Uint8Array {
  const gray = new Uint8Array(height * width);
  for (let i = 0; i < gray.length; i++) {
    const at = i * channels;
    const [red, green, blue] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
    if (isGray || (red === green && red === blue)) gray[i] = red;
    else if (isPng) gray[i] = (red * 9797 + green * 19234 + blue * 3737) >> 15;
    else gray[i] = (red * 4899 + green * 9617 + blue * 1868 + 8192) >> 14;
  }
  return gray;
}

async function interleaved(
  bytes: Uint8Array,
  fail: (reason: string, cause: unknown) => Error,
): Promise<Interleaved> {
  const plain = isBmp(bytes) ? decodeBmp : isNetpbm(bytes) ? decodeNetpbm : undefined;
  if (plain !== undefined) {
    try {
      return { ...plain(bytes), channels: 3, isPng: false };
    } catch (cause) {
      throw fail(`${isBmp(bytes) ? 'BMP' : 'PNM'}: ${reasonOf(cause)}`, cause);
    }
  }
  // Loaded only by nets that need it: the library brings its own of 18 MB.
  const { default: sharp } = await import('sharp');
  try {
    const image: Sharp = sharp(bytes, {
      failOn: 'error',
      ignoreIcc: true,
      limitInputPixels: 2 ** 28,
    });
    // The decoder itself turns gray into three equal channels.
    const { channels: stored, format } = await image.metadata();
    const { data, info } = await image
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { channels, height, width } = info;
    return {
      pixels: data,
      channels,
      height,
      width,
      isGray: stored < 3,
      isPng: format === 'png',
    };
  } catch (cause) {
    throw fail(reasonOf(cause).split('\n')[0] ?? '', cause);
  }
}
