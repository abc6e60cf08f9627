import { Hdf5File, type Hdf5Dataset } from '../caffe/hdf5File';
import { readInputFile, type FileKind } from '../base/inputFile';
import { UserError, type ErrorPlace } from '../base/userError';
import { KeptBatches } from './keptBatches';
import type { DataSource, Shape } from './source';

/** What an HDF5Data layer asks for. */
export interface Hdf5Options {
  /** A text file that names HDF5 files, one a line; already found. */
  readonly list: string;
  /** Finds a file that the list names. @throws UserError where there is none */
  readonly find: (name: string) => string;
  /** Names of the datasets, which are those of the layer's tops. */
  readonly tops: readonly string[];
  readonly batchSize: number;
  readonly place: ErrorPlace;
}

interface OpenFile {
  readonly file: Hdf5File;
  readonly datasets: readonly Hdf5Dataset[];
  readonly rows: number;
}

/** The rows of HDF5 files, file after file, as an HDF5Data layer reads them without shuffling. */
export class Hdf5Source implements DataSource {
  readonly shapes: readonly Shape[];
  readonly records: number;
  readonly #kept = new KeptBatches();

  private constructor(
    private readonly options: Hdf5Options,
    private readonly files: readonly OpenFile[],
  ) {
    this.records = files.reduce((sum, { rows }) => sum + rows, 0);
    this.shapes = (files[0]?.datasets ?? []).map(({ shape }) => [
      options.batchSize,
      ...shape.slice(1),
    ]);
  }

  /**
   * Opens all files of the list.
   *
   * @throws UserError `list/missing`, `list/unreadable`, `list/foreign`, `hdf5/list`, `hdf5/dataset` (a top without a dataset), `hdf5/shape` (datasets
   * that do not go together), `batch/size`, and those of {@link Hdf5File.open}
   */
  static async open(options: Hdf5Options): Promise<Hdf5Source> {
    if (options.batchSize < 1) {
      throw new UserError('batch/size', 'needs a batch_size above 0', options.place);
    }
    const files: OpenFile[] = [];
    try {
      for (const name of listedNames(options.list)) {
        const file = await Hdf5File.open(options.find(name));
        files.push({ file, datasets: [], rows: 0 });
        files[files.length - 1] = withDatasets(file, options.tops, files[0]);
      }
      const source = new Hdf5Source(options, files);
      if (source.records > 0) return source;
      throw new UserError('hdf5/shape', 'the files hold no rows', { file: options.list });
    } catch (cause) {
      files.forEach(({ file }) => file.close());
      throw cause;
    }
  }

  get locations(): readonly string[] {
    return [this.path, ...this.files.map(({ file }) => file.path)];
  }

  get path(): string {
    return this.options.list;
  }

  batch(index: number): Promise<readonly Float32Array[]> {
    const start = (index * this.options.batchSize) % this.records;
    return Promise.resolve(this.#kept.get(start, () => this.#read(start)));
  }

  describe(batch: number, position: number): Promise<string> {
    let row = (batch * this.options.batchSize + position) % this.records;
    for (const { file, rows } of this.files) {
      if (row < rows) return Promise.resolve(`row ${row} of ${file.path}`);
      row -= rows;
    }
    throw new RangeError(`there is no row ${row}`);
  }

  close(): Promise<void> {
    this.files.forEach(({ file }) => file.close());
    this.#kept.clear();
    return Promise.resolve();
  }

  #read(start: number): readonly Float32Array[] {
    const tops = this.shapes.map(
      (shape) => new Float32Array(shape.reduce((product, dim) => product * dim, 1)),
    );
    let row = start;
    for (let done = 0; done < this.options.batchSize;) {
      const { open, first } = this.#fileOf(row);
      const count = Math.min(this.options.batchSize - done, open.rows - first);
      open.datasets.forEach((dataset, i) => {
        const top = tops[i] as Float32Array;
        const length = top.length / this.options.batchSize;
        top.set(dataset.readRows(first, first + count), done * length);
      });
      done += count;
      row = (row + count) % this.records;
    }
    return tops;
  }

  #fileOf(row: number): { readonly open: OpenFile; readonly first: number } {
    let first = row;
    for (const open of this.files) {
      if (first < open.rows) return { open, first };
      first -= open.rows;
    }
    throw new RangeError(`there is no row ${row}`);
  }
}

const listKind: FileKind = {
  code: 'list',
  name: 'list of HDF5 files',
  give: 'a text file that names HDF5 files, one a line',
};

function listedNames(list: string): string[] {
  const text = readInputFile(list, listKind).toString('utf8');
  if (text.startsWith('\u{fffd}HDF')) {
    throw new UserError(
      'hdf5/list',
      'this is an HDF5 file itself: source must be a text file that names HDF5 files, one a line',
      { file: list },
    );
  }
  const names = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (names.length > 0) return names;
  throw new UserError('hdf5/list', 'this list names no HDF5 file', { file: list });
}

function withDatasets(
  file: Hdf5File,
  tops: readonly string[],
  first: OpenFile | undefined,
): OpenFile {
  const fail = (code: string, detail: string): UserError =>
    new UserError(code, detail, { file: file.path });
  const datasets = tops.map((top) => {
    const dataset = file.dataset(top);
    if (dataset !== undefined) return dataset;
    const names = file.names('') ?? [];
    throw fail(
      'hdf5/dataset',
      `there is no dataset "${top}", which a top is named after; there are: ` +
        (names.length === 0 ? 'none' : names.join(', ')),
    );
  });
  const rows = datasets[0]?.shape[0] ?? 0;
  datasets.forEach((dataset, i) => {
    const { name, shape } = dataset;
    if (shape.length === 0 || shape[0] !== rows) {
      throw fail(
        'hdf5/shape',
        `the dataset "${name}" has ${shape[0] ?? 'no'} rows, "${datasets[0]?.name}" has ${rows}`,
      );
    }
    const wanted = first?.datasets[i]?.shape.slice(1).join('x');
    if (wanted !== undefined && shape.slice(1).join('x') !== wanted) {
      throw fail(
        'hdf5/shape',
        `a row of "${name}" is ${shape.slice(1).join('x')}, in the first file it is ${wanted}`,
      );
    }
  });
  return { file, datasets, rows };
}
