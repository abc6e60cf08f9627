import type { SourceRoots } from '../../data/findSource';

/** Images given for a net that has no data layer of its own, and what is done to them. */
export interface ImagesOption {
  /** A text file: the path of an image a line, and its label after a space. */
  readonly list: string;
  readonly meanFile?: string | undefined;
  /** One number for all channels, or one a channel, blue first. */
  readonly meanValues?: readonly number[] | undefined;
  readonly scale?: number | undefined;
  /** Side of the square cut out of the middle. */
  readonly cropSize?: number | undefined;
  /** Size to bring images to first; the input's own where neither this nor a crop is given. */
  readonly resize?: { readonly height: number; readonly width: number } | undefined;
  /** Read as gray; an input of one channel asks for that by itself. */
  readonly gray?: boolean | undefined;
}

/** Data given for nets that do not name their own. */
export interface GivenData {
  /** Files of numbers (`.npy`) by the input they are for. */
  readonly inputs?: Readonly<Record<string, string>> | undefined;
  readonly images?: ImagesOption | undefined;
}

/** Where a net's data come from. */
export interface DataOptions extends Omit<SourceRoots, 'prototxtPath'>, GivenData {}
