import type { Net } from '../../caffe/net';
import type { LabelUse } from '../../onnx/layerConverter';
import { converterOf } from '../../onnx/registry';
import { UserError } from '../../base/userError';

/** A record of a source, as errors name it. */
export interface RecordName {
  readonly file: string;
  readonly record: string;
}

/** What a layer that reads labels accepts. */
interface LabelReader {
  readonly layer: string;
  readonly labelBlob: string;
  readonly scoreBlob: string;
  readonly use: LabelUse;
}

/**
 * Checks labels before they reach the net: the runtime would fail on an index out of range, or
 * worse, pick another class's score.
 */
export class LabelCheck {
  private readonly readers: readonly LabelReader[];
  private readonly classes = new Map<LabelReader, number>();

  constructor(net: Net) {
    this.readers = net.layers.flatMap((layer) =>
      (converterOf(layer)?.labels?.(layer) ?? []).flatMap((use) => {
        const scoreBlob = layer.bottoms[use.scores];
        const labelBlob = layer.bottoms[use.labels];
        if (scoreBlob === undefined || labelBlob === undefined) return [];
        return [{ layer: layer.name, labelBlob, scoreBlob, use }];
      }),
    );
  }

  /** Learns the numbers of classes from the shapes of the converted net. */
  learnShapes(blobShapes: ReadonlyMap<string, readonly number[]>): void {
    for (const reader of this.readers) {
      const shape = blobShapes.get(reader.scoreBlob);
      if (shape === undefined) continue;
      const { axis, isFlat } = reader.use;
      const start = axis < 0 ? axis + shape.length : axis;
      const classes =
        isFlat === true
          ? shape.slice(start).reduce((product, dim) => product * dim, 1)
          : shape[start];
      if (classes !== undefined) this.classes.set(reader, classes);
    }
  }

  /**
   * @param place names the record behind a position of the batch
   * @throws UserError naming the record, the label and the layer that cannot take it
   */
  async check(
    labelBlob: string,
    labels: Float32Array,
    place: (position: number) => Promise<RecordName>,
  ): Promise<void> {
    for (const reader of this.readers) {
      const classes = this.classes.get(reader);
      if (reader.labelBlob !== labelBlob || classes === undefined) continue;
      const bad = labels.findIndex(
        (label) => label !== reader.use.ignored && !(label >= 0 && label < classes),
      );
      if (bad < 0) continue;
      const { file, record } = await place(bad);
      throw new UserError(
        'data/label',
        `${record} has label ${labels[bad]}, but layer "${reader.layer}" has classes 0 to ` +
          `${classes - 1}: is this the data of another net?`,
        { file },
      );
    }
  }
}
