import { words, type Words } from '../base/words';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describeForeign } from '../base/foreignContent';
import { readInputBytes, readInputFile, type FileKind } from '../base/inputFile';
import { UserError } from '../base/userError';
import type { Datum } from './datum';
import { decodeImage, type ImageOptions } from './decodeImage';
import { decodedTogether } from './decodeInOrder';
import type { ImageRecords } from './imageRecords';
import { SeededRandom } from './random';
import { describeRecord, type RecordPlace } from './record';

/** A line of a list: an image and its label. */
interface ListedImage {
  readonly file: string;
  readonly label: number;
  readonly line: number;
}

/** A line as it stands in the list. */
interface ListLine {
  readonly line: number;
  readonly text: string;
}

const listKind: FileKind = {
  code: 'list',
  name: 'list of images',
  give: 'a text file with the path of an image a line',
};

const imageKind: FileKind = {
  code: 'list',
  name: 'image',
  give: 'an image file',
  mostBytes: 2 ** 30,
};

/** How the lines of a list are to be read. */
export interface ListOptions {
  /** Where relative paths may start, best first; the one that has the first image counts for all. */
  readonly folders: readonly string[];
  /** Text that stands before each path, as a `root_folder` does. */
  readonly root?: string;
  /** Whether a line without a label is an error. */
  readonly needsLabels: boolean;
  /** Brings the lines into an order of chance, always the same for a seed; in that of the list without. */
  readonly shuffleSeed?: number | undefined;
}

/**
 * The images that a list file names, one a line with its label after the last space, as ImageData
 * layers have them.
 */
export class ImageList implements ImageRecords {
  private constructor(
    readonly path: string,
    private readonly images: readonly ListedImage[],
    private readonly options: ImageOptions,
    /** Lines with a label, and the first line without one. */
    private readonly labels: { readonly count: number; readonly without: ListLine | undefined },
  ) {}

  /**
   * Reads a list; the images themselves are read when they are needed.
   *
   * @throws UserError `list/missing`, `list/unreadable`, `list/foreign`, `list/empty`, `list/line` naming the line, or `list/image`
   * where the first image is in none of the folders
   */
  static open(
    list: string,
    { folders, root = '', needsLabels, shuffleSeed }: ListOptions,
    options: ImageOptions = {},
  ): ImageList {
    const text = readInputFile(list, listKind).toString('utf8');
    if (text.includes('\0')) {
      throw new UserError(
        'list/encoding',
        'this list is no text in UTF-8 (it has zero bytes, as UTF-16 does): save it as UTF-8',
        { file: list },
      );
    }
    let without: ListLine | undefined;
    let labelled = 0;
    const lines = text.split(/\r\n?|\n/).flatMap((row, index): ListedImage[] => {
      const line = row.trim();
      if (line === '') return [];
      const found = /^(.*\S)\s+([+-]?\d+)$/.exec(line);
      if (found === null && needsLabels) {
        throw new UserError(
          'list/line',
          `"${line}" has no label: each line holds the path of an image, a space and a whole number` +
            hintFor(line),
          { file: list, line: index + 1, column: 1 },
        );
      }
      if (found === null) without ??= { line: index + 1, text: line };
      else labelled++;
      const file = root + (found?.[1] ?? line);
      return [{ file, label: Number(found?.[2] ?? 0), line: index + 1 }];
    });
    const [first] = lines;
    if (first === undefined) {
      throw new UserError('list/empty', 'this list names no image', { file: list });
    }
    const folder = folderOf(first, folders, list);
    const images = lines.map((image) => ({ ...image, file: path.resolve(folder, image.file) }));
    if (shuffleSeed !== undefined) shuffle(images, shuffleSeed);
    return new ImageList(list, images, options, { count: labelled, without });
  }

  get files(): readonly string[] {
    return this.images.map(({ file }) => file);
  }

  get count(): number {
    return this.images.length;
  }

  /** Whether every line has a label. */
  get hasLabels(): boolean {
    return this.labels.without === undefined;
  }

  /**
   * Refuses a list in which some lines have a label and others have not.
   *
   * @throws UserError `list/line` naming the first line without one
   */
  refuseMixedLabels(): void {
    const { count, without } = this.labels;
    if (without === undefined || count === 0) return;
    throw new UserError(
      'list/line',
      `"${without.text}" has no label, but ${count} of the ${this.count} lines have one: give each ` +
        `line one, or none${hintFor(without.text)}`,
      { file: this.path, line: without.line, column: 1 },
    );
  }

  async read(
    start: number,
    count: number,
    use: (datum: Datum, place: RecordPlace) => void,
  ): Promise<void> {
    for (let done = 0; done < count; done += decodedTogether) {
      const size = Math.min(decodedTogether, count - done);
      const indices = Array.from({ length: size }, (_, i) => (start + done + i) % this.count);
      const decoded = await Promise.all(indices.map((index) => this.#decode(index)));
      decoded.forEach((datum, i) => {
        const index = indices[i] ?? 0;
        use(datum, this.#place(index));
      });
    }
  }

  describe(index: number): Promise<string> {
    return Promise.resolve(describeRecord(this.#place(index)));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #place(index: number): RecordPlace {
    const { file, line } = this.#at(index);
    return { file: this.path, index, key: Buffer.from(path.basename(file)), line };
  }

  #at(index: number): ListedImage {
    return this.images[index] as ListedImage;
  }

  async #decode(index: number): Promise<Datum> {
    const { file, label, line } = this.#at(index);
    const fail = (reason: Words, cause: unknown): UserError =>
      new UserError(
        'list/image',
        words`${file} cannot be read as an image (${reason})`,
        { file: this.path, line, column: 1 },
        { cause },
      );
    let bytes: Buffer;
    try {
      bytes = await readInputBytes(file, imageKind);
    } catch (cause) {
      throw cause instanceof UserError ? fail(cause.detail, cause) : cause;
    }
    const failForeign = (reason: string, cause: unknown): UserError => {
      const foreign = describeForeign(bytes);
      return fail(foreign === undefined ? reason : `it is ${foreign}`, cause);
    };
    return { label, ...(await decodeImage(bytes, this.options, failForeign)) };
  }
}

/** Fisher and Yates's. */
function shuffle(images: ListedImage[], seed: number): void {
  const random = new SeededRandom();
  random.seed(seed, 0, 0);
  for (let last = images.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [images[last], images[other]] = [images[other]!, images[last]!];
  }
}

function folderOf({ file, line }: ListedImage, folders: readonly string[], list: string): string {
  const folder = folders.find((start) => existsSync(path.resolve(start, file)));
  if (folder !== undefined) return folder;
  const tried = [...new Set(folders.map((start) => path.resolve(start, file)))];
  throw new UserError(
    'list/image',
    `cannot find "${file}", tried ${tried.join(', ')}: give paths that exist, or run in the folder ` +
      `that they are relative to${hintFor(file)}`,
    { file: list, line, column: 1 },
  );
}

/** What is known of lines that other tools write. */
function hintFor(line: string): string {
  if (/^(["']).*\1/.test(line))
    return '; paths stand in a list without quotes, also those with spaces';
  if (/\s[+-]?(\d+\.\d*|\.\d+|nan|inf)(e[+-]?\d+)?$/i.test(line)) {
    return '; a label is a whole number, the index of a class';
  }
  if (/[,;]\s*[+-]?\d+$/.test(line)) return '; a space stands before the label, no comma';
  if (/\s\d+$/.test(line)) return '; a line has one label';
  if (line.includes('\\') && path.sep === '/')
    return '; the folders of a path are parted by "/" here';
  return '';
}
