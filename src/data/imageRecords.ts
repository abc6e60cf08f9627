import type { Datum } from './datum';
import type { RecordPlace } from './record';

/** Labelled images in a fixed order, from a database or a list of files. */
export interface ImageRecords {
  /** The file that errors name. */
  readonly path: string;
  /** The images of a list, in the order in which they are read. */
  readonly files?: readonly string[];
  /** At least 1; right from when the first record was asked for again. */
  readonly count: number;
  /**
   * Gives `count` images from record `start` on, from the first one again after the last; an image is
   * valid only until `use` returns.
   *
   * @throws UserError for a record that is damaged or no image
   */
  read(
    start: number,
    count: number,
    use: (datum: Datum, place: RecordPlace) => void,
  ): Promise<void>;
  /** How errors call record `index`, e.g. `record 17 (key 00000017)`. */
  describe(index: number): Promise<string>;
  close(): Promise<void>;
}
