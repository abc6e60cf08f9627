import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { BatchSource } from '../../../src/data/batches';
import { decodeImage, type ImageOptions } from '../../../src/data/decodeImage';
import { ImageList } from '../../../src/data/imageList';
import { resizeBilinear } from '../../../src/data/resize';
import { rejectionOf, temporaryFolder, userErrorOf } from './fixtures';

const folder = temporaryFolder();

/** A PNG of 2 x 1 pixels: red 10, green 20, blue 30, and 200, 100, 50. */
const png = (): Promise<Buffer> =>
  sharp(Uint8Array.of(10, 20, 30, 200, 100, 50), { raw: { width: 2, height: 1, channels: 3 } })
    .png()
    .toBuffer();

const decode = async (bytes: Uint8Array, options: ImageOptions = {}): Promise<number[]> => [
  ...(await decodeImage(bytes, options, (reason) => new Error(reason))).pixels,
];

describe('decoding images', () => {
  it('gives planes in the order blue, green, red', async () => {
    expect(await decode(await png())).toEqual([30, 50, 20, 100, 10, 200]);
  });

  it('weighs colours for gray as OpenCV does, which rounds all but PNG', async () => {
    // 0.299 R + 0.587 G + 0.114 B is 18.15, 124.2; and 1.815 of 1, 2, 3.
    expect(await decode(await png(), { colors: 'gray' })).toEqual([18, 124]);
    const raw = { raw: { width: 1, height: 1, channels: 3 } } as const;
    const dark = sharp(Uint8Array.of(1, 2, 3), raw);
    expect(await decode(await dark.png().toBuffer(), { colors: 'gray' })).toEqual([1]);
    const lossless = await dark.webp({ lossless: true }).toBuffer();
    expect(await decode(lossless, { colors: 'gray' })).toEqual([2]);
  });

  it('keeps a gray image gray unless colours are wanted', async () => {
    const raw = { raw: { width: 2, height: 1, channels: 1 } } as const;
    const gray = await sharp(Uint8Array.of(7, 9), raw).png().toColourspace('b-w').toBuffer();
    expect(await decode(gray)).toEqual([7, 9]);
    expect(await decode(gray, { colors: 'color' })).toEqual([7, 9, 7, 9, 7, 9]);
  });

  it('keeps an alpha channel unless it is told which colours to read', async () => {
    const raw = { raw: { width: 2, height: 1, channels: 4 } } as const;
    const clear = await sharp(Uint8Array.of(10, 20, 30, 128, 200, 100, 50, 7), raw)
      .png()
      .toBuffer();
    expect(await decode(clear)).toEqual([30, 50, 20, 100, 10, 200, 128, 7]);
    expect(await decode(clear, { colors: 'color' })).toEqual([30, 50, 20, 100, 10, 200]);
    expect(await decode(clear, { colors: 'gray' })).toEqual([18, 124]);
  });

  it('takes the upper half of 16 bits', async () => {
    const raw = { raw: { width: 2, height: 1, channels: 1 } } as const;
    const deep = await sharp(Uint16Array.of(0x80ff, 0x0180), raw)
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect(await decode(deep)).toEqual([0x80, 0x01]);
  });

  it('reads JPEG', async () => {
    const create = { width: 16, height: 16, channels: 3, background: '#c86432' } as const;
    const jpeg = await sharp({ create }).jpeg({ quality: 100 }).toBuffer();
    const pixels = await decode(jpeg);
    for (const [plane, wanted] of [0x32, 0x64, 0xc8].entries()) {
      expect(Math.abs((pixels[plane * 256] ?? 0) - wanted)).toBeLessThanOrEqual(2);
    }
  });
});

describe('resizing', () => {
  const row = (...pixels: number[]): Parameters<typeof resizeBilinear>[0] => ({
    channels: 1,
    height: 1,
    width: pixels.length,
    pixels: Uint8Array.from(pixels),
  });

  it('takes centres half a pixel in and repeats the edge', () => {
    expect([...resizeBilinear(row(0, 100), 1, 4).pixels]).toEqual([0, 25, 75, 100]);
    expect([...resizeBilinear(row(0, 100), 2, 2).pixels]).toEqual([0, 100, 0, 100]);
  });

  it('does not smooth before it shrinks', () => {
    // Centres 0.25 and 1.75 between pixels 0, 1 and 2.
    expect([...resizeBilinear(row(40, 80, 200), 1, 2).pixels]).toEqual([50, 170]);
    expect([...resizeBilinear(row(0, 9, 0, 0, 0, 0), 1, 2).pixels]).toEqual([9, 0]);
  });

  it('takes the mean of four pixels for half the size', () => {
    const image = { channels: 1, height: 2, width: 2, pixels: Uint8Array.of(1, 2, 3, 5) };
    expect([...resizeBilinear(image, 1, 1).pixels]).toEqual([3]);
  });

  it('rounds the outermost rows twice, as OpenCV does', () => {
    const image = { channels: 1, height: 2, width: 2, pixels: Uint8Array.of(0, 37, 74, 111) };
    // What cv2.resize gives. Without that, two of the numbers are one larger.
    const wanted = [0, 18, 37, 37, 56, 74, 74, 92, 111];
    expect([...resizeBilinear(image, 3, 3).pixels]).toEqual(wanted);
  });

  it('goes plane by plane', () => {
    const image = { channels: 2, height: 1, width: 1, pixels: Uint8Array.of(3, 8) };
    expect([...resizeBilinear(image, 1, 2).pixels]).toEqual([3, 3, 8, 8]);
  });
});

describe('lists of images', () => {
  const list = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const labelled = { folders: [folder], needsLabels: true };
  const options = (batchSize: number) =>
    ({ layerName: 'data', batchSize, transform: {}, phase: 'TEST', tops: 2 }) as const;

  it('give images and labels in order, round and round', async () => {
    mkdirSync(join(folder, 'a b'), { recursive: true });
    writeFileSync(join(folder, 'a b/one.png'), await png());
    writeFileSync(
      join(folder, 'two.png'),
      await sharp(await png())
        .flop()
        .png()
        .toBuffer(),
    );
    const file = list('list.txt', 'a b/one.png 3\r\n\r\ntwo.png -1\r\n');
    const images = ImageList.open(file, labelled, { colors: 'color' });
    const source = await BatchSource.of(images, options(3));
    expect(source.shape).toEqual([3, 3, 1, 2]);
    const { data, labels } = await source.batch(0);
    expect([...labels]).toEqual([3, -1, 3]);
    expect([...data.slice(0, 12)]).toEqual([30, 50, 20, 100, 10, 200, 50, 30, 100, 20, 200, 10]);
    expect([...(await source.batch(1)).labels]).toEqual([-1, 3, -1]);
    expect(await source.recordName(0, 1)).toBe('the image in line 3 (two.png)');
  });

  it('name the line without a label', () => {
    writeFileSync(join(folder, 'a.png'), '');
    const file = list('short.txt', 'a.png 1\nb.png\n');
    const error = userErrorOf(() => ImageList.open(file, labelled));
    expect(error.message).toMatch(/short\.txt:2:1: "b\.png" has no label/);
    expect(ImageList.open(file, { ...labelled, needsLabels: false }).hasLabels).toBe(false);
  });

  it('name the image that is missing or broken, and its line', async () => {
    writeFileSync(join(folder, 'broken.png'), 'no image');
    writeFileSync(join(folder, 'there.png'), await png());
    for (const name of ['gone.png', 'broken.png']) {
      const images = ImageList.open(list('bad.txt', `there.png 0\n${name} 0`), labelled);
      const source = await BatchSource.of(images, options(2));
      const error = await rejectionOf(() => source.batch(0));
      expect(error.message).toMatch(
        /bad\.txt:2:1: .*(gone|broken)\.png cannot be read as an image/,
      );
    }
    const [text, other] = [list('gone.txt', 'gone.png 0'), join(folder, 'other')];
    const error = userErrorOf(() =>
      ImageList.open(text, { folders: [folder, other], needsLabels: true }),
    );
    expect(error.message).toMatch(
      /gone\.txt:1:1: cannot find "gone\.png", tried .*gone\.png, .*other.gone\.png: give/,
    );
  });

  it('put the root before each path as text, from the folder that has the first image', async () => {
    mkdirSync(join(folder, 'set'), { recursive: true });
    for (const name of ['set/img_1.png', 'set/img_2.png']) {
      writeFileSync(join(folder, name), await png());
    }
    const file = list('rooted.txt', '1.png 1\n2.png 2\n');
    const folders = [join(folder, 'nowhere'), folder];
    const images = ImageList.open(file, { folders, root: 'set/img_', needsLabels: true });
    const source = await BatchSource.of(images, options(2));
    expect([...(await source.batch(0)).labels]).toEqual([1, 2]);
  });

  it('are refused where they are empty or not there', () => {
    const empty = list('empty.txt', '\n');
    expect(userErrorOf(() => ImageList.open(empty, labelled)).code).toBe('list/empty');
    const gone = join(folder, 'no list.txt');
    expect(userErrorOf(() => ImageList.open(gone, labelled)).code).toBe('list/missing');
  });

  it('name the image of another size', async () => {
    writeFileSync(
      join(folder, 'large.png'),
      await sharp(await png())
        .resize(5, 5)
        .png()
        .toBuffer(),
    );
    writeFileSync(join(folder, 'small.png'), await png());
    const images = ImageList.open(list('mixed.txt', 'small.png 0\nlarge.png 1'), labelled);
    const source = await BatchSource.of(images, options(2));
    const error = await rejectionOf(() => source.batch(0));
    expect(error.message).toMatch(
      /the image in line 2 \(large\.png\) is 3x5x5, but .* all must be alike: resize all/,
    );
  });
});
