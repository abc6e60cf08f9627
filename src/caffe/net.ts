import type { ErrorPlace } from '../base/userError';
import type { NetFile } from './netFile';
import type { NetState } from './phase';
import type { LayerParameter } from './schema';

/** One layer of a net, in the order the file gives. */
export interface Layer {
  readonly name: string;
  readonly type: string;
  readonly bottoms: readonly string[];
  readonly tops: readonly string[];
  readonly param: LayerParameter;
  /** Where the layer stands in the user's file. */
  readonly place: ErrorPlace;
}

/** The layers of a net file that take part in one state, checked to fit together. */
export interface Net {
  readonly file: NetFile;
  readonly name: string;
  readonly state: NetState;
  readonly layers: readonly Layer[];
  /** The layers of the whole net, of which this may be a part. */
  readonly allLayers: readonly Layer[];
  /** The layers of the file that its rules leave out of this state. */
  readonly excluded: readonly Layer[];
  /** Blobs that no layer consumes, in alphabetical order, as Caffe lists its net outputs. */
  readonly outputs: readonly string[];
}
