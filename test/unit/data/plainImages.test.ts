import { describe, expect, it } from 'vitest';
import { decodeBmp, isBmp } from '../../../src/data/bmp';
import { decodeImage } from '../../../src/data/decodeImage';
import { decodeNetpbm, isNetpbm } from '../../../src/data/netpbm';

const bytes = (header: string, ...data: number[]): Uint8Array =>
  Uint8Array.from([...Buffer.from(header, 'latin1'), ...data]);

/** A bitmap of 2 x 2: header, palette (blue, green, red, 0), rows. */
function bmp(
  bits: number,
  compression: number,
  palette: number[],
  rows: number[],
  height = 2,
): Uint8Array {
  const head = Buffer.alloc(54);
  head.write('BM', 'latin1');
  head.writeUInt32LE(54 + palette.length, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(2, 18);
  head.writeInt32LE(height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(bits, 28);
  head.writeUInt32LE(compression, 30);
  head.writeUInt32LE(palette.length / 4, 46);
  return Uint8Array.from([...head, ...palette, ...rows]);
}

// Red and green above, blue and white below, as red, green, blue.
const colours = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
const palette = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0];

describe('Windows bitmaps', () => {
  it.each<[string, Uint8Array]>([
    ['24 bits', bmp(24, 0, [], [255, 0, 0, 255, 255, 255, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0])],
    [
      '24 bits from the top',
      bmp(24, 0, [], [0, 0, 255, 0, 255, 0, 0, 0, 255, 0, 0, 255, 255, 255, 0, 0], -2),
    ],
    ['32 bits', bmp(32, 0, [], [255, 0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 0, 0, 255, 0, 0])],
    ['8 bits', bmp(8, 0, palette, [2, 3, 0, 0, 0, 1, 0, 0])],
    ['4 bits', bmp(4, 0, palette, [0x23, 0, 0, 0, 0x01, 0, 0, 0])],
    ['runs of 8 bits', bmp(8, 1, palette, [1, 2, 1, 3, 0, 0, 1, 0, 1, 1, 0, 1])],
    ['runs of 4 bits', bmp(4, 2, palette, [2, 0x23, 0, 0, 2, 0x01, 0, 1])],
  ])('of %s', (_, file) => {
    expect(isBmp(file)).toBe(true);
    const { pixels, width, height, isGray } = decodeBmp(file);
    expect([width, height, isGray]).toEqual([2, 2, false]);
    expect([...pixels]).toEqual(colours);
  });

  it('are gray where their palette is', () => {
    const file = bmp(1, 0, [0, 0, 0, 0, 255, 255, 255, 0], [0x40, 0, 0, 0, 0x80, 0, 0, 0]);
    expect(decodeBmp(file)).toMatchObject({ isGray: true });
    expect([...decodeBmp(file).pixels].filter((_, i) => i % 3 === 0)).toEqual([255, 0, 0, 255]);
  });

  it('that are cut short or of an unknown kind are refused', () => {
    const whole = bmp(24, 0, [], [255, 0, 0, 255, 255, 255, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0]);
    expect(() => decodeBmp(whole.subarray(0, 60))).toThrow('cut short');
    expect(() => decodeBmp(bmp(24, 4, [], []))).toThrow('not read here');
  });
});

describe('PBM, PGM and PPM', () => {
  it.each<[string, Uint8Array, number[], boolean]>([
    ['P6', bytes('P6\n# made by hand\n2 2\n255\n', ...colours), colours, false],
    ['P3', bytes('P3 2 2 255 255 0 0 0 255 0 0 0 255 255 255 255'), colours, false],
    ['P3 of 15', bytes('P3 1 1 15 15 5 0'), [255, 85, 0], false],
    ['P5', bytes('P5 2 1 255\n', 7, 9), [7, 7, 7, 9, 9, 9], true],
    ['P5 of 16 bits', bytes('P5 1 1 65535\n', 0x12, 0xff), [0x12, 0x12, 0x12], true],
    ['P2', bytes('P2 2 1 255 7 9'), [7, 7, 7, 9, 9, 9], true],
    ['P1, where 1 is black', bytes('P1 2 1 10'), [0, 0, 0, 255, 255, 255], true],
    ['P4, where 1 is black', bytes('P4 2 1\n', 0x80), [0, 0, 0, 255, 255, 255], true],
  ])('%s', (_, file, pixels, isGray) => {
    expect(isNetpbm(file)).toBe(true);
    expect(decodeNetpbm(file).isGray).toBe(isGray);
    expect([...decodeNetpbm(file).pixels]).toEqual(pixels);
  });

  it('cut short are refused', () => {
    expect(() => decodeNetpbm(bytes('P6 2 2 255\n', 1, 2))).toThrow('cut short');
    expect(() => decodeNetpbm(bytes('P3 2 2 255 1 2'))).toThrow('missing');
  });

  it('come blue first, as from OpenCV', async () => {
    const fail = (reason: string): Error => new Error(reason);
    const image = await decodeImage(bytes('P6 1 1 255\n', 1, 2, 3), { colors: 'color' }, fail);
    expect([...image.pixels]).toEqual([3, 2, 1]);
  });
});
