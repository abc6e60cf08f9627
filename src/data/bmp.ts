import type { PlainImage } from './netpbm';

const mostPixels = 2 ** 28;

/** Whether a file is a Windows bitmap. */
export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d && bytes.length >= 26;
}

interface Bitmap {
  readonly view: DataView;
  readonly width: number;
  readonly height: number;
  /** Row 0 is the upper one. */
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly dataStart: number;
  readonly palette: Uint8Array;
  readonly masks: readonly number[];
}

const compressions = { none: 0, rle8: 1, rle4: 2, bitFields: 3 } as const;

/**
 * Reads a Windows or OS/2 bitmap of 1, 4, 8, 16, 24 or 32 bits a pixel, run-length encoded ones too.
 * Gray where the palette is, as OpenCV has it; the fourth byte of 32 bits is left out.
 *
 * @throws Error for a kind that is not read here, or a file that is cut short
 */
export function decodeBmp(bytes: Uint8Array): PlainImage {
  const bitmap = readHeader(bytes);
  const { width, height, bits, compression } = bitmap;
  const pixels = new Uint8Array(width * height * 3);
  if (bits <= 8) {
    const indices =
      compression === compressions.none ? plainIndices(bitmap) : runLengthIndices(bitmap, bytes);
    indices.forEach((index, i) => {
      for (let c = 0; c < 3; c++) pixels[3 * i + c] = bitmap.palette[3 * index + c] ?? 0;
    });
  } else {
    readColours(bitmap, pixels);
  }
  const { palette } = bitmap;
  const isGray = bits <= 8 && palette.every((value, i) => value === palette[i - (i % 3)]);
  return { width, height, pixels, isGray };
}

function readHeader(bytes: Uint8Array): Bitmap {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const dataStart = view.getUint32(10, true);
    const size = view.getUint32(14, true);
    const isOld = size === 12;
    const width = isOld ? view.getUint16(18, true) : view.getInt32(18, true);
    const signed = isOld ? view.getUint16(20, true) : view.getInt32(22, true);
    const bits = view.getUint16(isOld ? 24 : 28, true);
    const compression = isOld ? compressions.none : view.getUint32(30, true);
    const height = Math.abs(signed);
    if (width < 1 || height < 1 || width * height > mostPixels) throw new Error('impossible size');
    const known =
      compression === compressions.none
        ? [1, 4, 8, 16, 24, 32]
        : compression === compressions.rle8
          ? [8]
          : compression === compressions.rle4
            ? [4]
            : compression === compressions.bitFields
              ? [16, 32]
              : [];
    if (!known.includes(bits)) {
      throw new Error(`a bitmap of ${bits} bits with compression ${compression} is not read here`);
    }
    const stated = isOld ? 0 : view.getUint32(46, true);
    const colours = bits > 8 ? 0 : Math.min(stated === 0 ? 2 ** bits : stated, 256);
    const palette = new Uint8Array(colours * 3);
    const entry = isOld ? 3 : 4;
    for (let i = 0; i < colours; i++) {
      const at = 14 + size + i * entry;
      // Stored blue first.
      for (let c = 0; c < 3; c++) palette[3 * i + c] = view.getUint8(at + 2 - c);
    }
    const usual = bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff];
    const masks =
      compression === compressions.bitFields
        ? [54, 58, 62].map((at) => view.getUint32(at, true))
        : usual;
    return {
      view,
      width,
      height,
      isTopDown: !isOld && signed < 0,
      bits,
      compression,
      dataStart,
      palette,
      masks,
    };
  } catch (cause) {
    throw cause instanceof RangeError ? new Error('the file is cut short', { cause }) : cause;
  }
}

/** Where a row of the image begins in the file; rows are whole numbers of 4 bytes. */
function rowStart({ width, height, bits, isTopDown, dataStart }: Bitmap, y: number): number {
  const pitch = Math.ceil((width * bits) / 32) * 4;
  return dataStart + (isTopDown ? y : height - 1 - y) * pitch;
}

function requireBytes({ view }: Bitmap, end: number): void {
  if (end > view.byteLength) throw new Error('the file is cut short');
}

function plainIndices(bitmap: Bitmap): Uint8Array {
  const { view, width, height, bits } = bitmap;
  const indices = new Uint8Array(width * height);
  const perByte = 8 / bits;
  for (let y = 0; y < height; y++) {
    const start = rowStart(bitmap, y);
    requireBytes(bitmap, start + Math.ceil((width * bits) / 8));
    for (let x = 0; x < width; x++) {
      const byte = view.getUint8(start + Math.floor(x / perByte));
      const shift = 8 - bits * ((x % perByte) + 1);
      indices[y * width + x] = (byte >> shift) & (2 ** bits - 1);
    }
  }
  return indices;
}

function runLengthIndices(bitmap: Bitmap, bytes: Uint8Array): Uint8Array {
  const { width, height, bits, isTopDown, dataStart } = bitmap;
  const indices = new Uint8Array(width * height);
  let at = dataStart;
  let x = 0;
  let y = 0;
  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw new Error('the file is cut short');
    return byte;
  };
  const put = (index: number): void => {
    if (x < width && y < height) indices[(isTopDown ? y : height - 1 - y) * width + x] = index;
    x++;
  };
  const half = (byte: number, i: number): number => (i % 2 === 0 ? byte >> 4 : byte & 15);
  while (y < height) {
    const count = next();
    const value = next();
    if (count > 0) {
      for (let i = 0; i < count; i++) put(bits === 8 ? value : half(value, i));
    } else if (value === 0) {
      x = 0;
      y++;
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      x += next();
      y += next();
    } else {
      let byte = 0;
      const start = at;
      for (let i = 0; i < value; i++) {
        if (bits === 8 || i % 2 === 0) byte = next();
        put(bits === 8 ? byte : half(byte, i));
      }
      // Runs begin at even places.
      if ((at - start) % 2 === 1) at++;
    }
  }
  return indices;
}

function readColours(bitmap: Bitmap, pixels: Uint8Array): void {
  const { view, width, height, bits, masks, compression } = bitmap;
  const bytes = bits / 8;
  for (let y = 0; y < height; y++) {
    const start = rowStart(bitmap, y);
    requireBytes(bitmap, start + width * bytes);
    for (let x = 0; x < width; x++) {
      const at = start + x * bytes;
      const to = 3 * (y * width + x);
      if (bits === 16 || compression === compressions.bitFields) {
        const value = bits === 16 ? view.getUint16(at, true) : view.getUint32(at, true);
        masks.forEach((mask, c) => (pixels[to + c] = masked(value, mask)));
      } else {
        for (let c = 0; c < 3; c++) pixels[to + c] = view.getUint8(at + 2 - c);
      }
    }
  }
}

/** A colour's bits, moved up to 8 as OpenCV does: those below stay 0. */
function masked(value: number, mask: number): number {
  if (mask === 0) return 0;
  const low = Math.log2(mask & -mask);
  const width = Math.round(Math.log2(mask / 2 ** low + 1));
  const part = Math.floor((value & mask) / 2 ** low) >>> 0;
  return width >= 8 ? part >>> (width - 8) : part << (8 - width);
}
