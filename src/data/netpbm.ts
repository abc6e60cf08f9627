/** An uncompressed image: red, green and blue one after the other, all three of a gray one alike. */
export interface PlainImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly isGray: boolean;
}

const mostPixels = 2 ** 28;

/** Whether a file is one of the PBM, PGM and PPM images. */
export function isNetpbm(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1]! >= 0x31 && bytes[1]! <= 0x36 && isSpace(bytes[2]);
}

/**
 * Reads PBM, PGM and PPM, in numbers or in bytes (P1 to P6), as OpenCV 2.4 does: numbers are spread to
 * 255 by their maximum, bytes are taken as they are, of 16 bits the upper 8.
 *
 * @throws Error where the file is cut short or says something impossible
 */
export function decodeNetpbm(bytes: Uint8Array): PlainImage {
  const kind = bytes[1]! - 0x30;
  const reader = new Reader(bytes);
  const width = reader.number();
  const height = reader.number();
  const isBits = kind === 1 || kind === 4;
  const maximum = isBits ? 1 : reader.number();
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  if (width < 1 || height < 1 || width * height > mostPixels) throw new Error('impossible size');
  if (maximum < 1 || maximum > 65535) throw new Error('impossible largest value');
  const count = width * height * channels;
  const values =
    kind <= 3
      ? reader.numbers(count, isBits, maximum)
      : isBits
        ? reader.bits(width, height)
        : reader.samples(count, maximum > 255 ? 2 : 1);
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = values[channels === 3 ? i : Math.floor(i / 3)]!;
  }
  return { width, height, pixels, isGray: channels === 1 };
}

class Reader {
  #at = 2;

  constructor(private readonly bytes: Uint8Array) {}

  /** The next number of the header, or of an image in numbers. */
  number(): number {
    this.#skipSpace();
    const start = this.#at;
    let value = 0;
    while (isDigit(this.bytes[this.#at])) value = value * 10 + this.bytes[this.#at++]! - 0x30;
    if (this.#at === start) throw new Error('a number is missing');
    return value;
  }

  numbers(count: number, isBits: boolean, maximum: number): Uint8Array {
    const values = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      // A bit is one digit; nothing need stand between two. In these files 1 is black.
      if (isBits) values[i] = this.#bit() ? 0 : 255;
      else if (maximum > 255) values[i] = Math.min(this.number(), maximum) >> 8;
      else values[i] = Math.floor((Math.min(this.number(), maximum) * 255) / maximum);
    }
    return values;
  }

  bits(width: number, height: number): Uint8Array {
    const start = this.#dataStart(Math.ceil(width / 8) * height);
    const pitch = Math.ceil(width / 8);
    return Uint8Array.from({ length: width * height }, (_, i) => {
      const x = i % width;
      const byte = this.bytes[start + Math.floor(i / width) * pitch + (x >> 3)]!;
      return (byte >> (7 - (x & 7))) & 1 ? 0 : 255;
    });
  }

  /** Samples of one byte, or the upper ones of two, the upper byte first. */
  samples(count: number, width: 1 | 2): Uint8Array {
    const start = this.#dataStart(count * width);
    return Uint8Array.from({ length: count }, (_, i) => this.bytes[start + i * width]!);
  }

  #bit(): boolean {
    this.#skipSpace();
    const digit = this.bytes[this.#at++];
    if (!isDigit(digit)) throw new Error('a bit is missing');
    return digit !== 0x30;
  }

  /** One blank ends the header. */
  #dataStart(length: number): number {
    const start = this.#at + 1;
    if (start + length > this.bytes.length) throw new Error('the file is cut short');
    return start;
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.bytes[this.#at];
      if (byte === 0x23) {
        while (this.#at < this.bytes.length && this.bytes[this.#at] !== 0x0a) this.#at++;
      } else if (isSpace(byte)) this.#at++;
      else return;
    }
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isSpace(byte: number | undefined): boolean {
  return byte !== undefined && (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
