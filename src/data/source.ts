/** Dimensions, outermost first. */
export type Shape = readonly number[];

/** What brings the numbers of some of a net's inputs: all tops of one data layer. */
export interface DataSource {
  /** Shape of each top in a batch; the number of images comes first. */
  readonly shapes: readonly Shape[];
  /** Images, or entries of another kind, before they begin again. */
  readonly records: number;
  /** The file that errors name. */
  readonly path: string;
  /** The files and folders that reports name; images of a list are not among them. */
  readonly locations: readonly string[];
  /** Images that a list among them names, in the order in which they are read. */
  readonly listed?: readonly string[];
  /**
   * Values of each top in batch `index`, counted from 0 without end; the same whenever it is asked
   * for. The arrays are shared: do not write to them.
   *
   * @throws UserError for damaged data
   */
  batch(index: number): Promise<readonly Float32Array[]>;
  /** The file of one top, by its place among the tops, where each has its own. */
  fileOf?(top: number): string;
  /** How errors call entry `position` of a batch. */
  describe(batch: number, position: number): Promise<string>;
  close(): Promise<void>;
}
