import type { Net } from '../caffe/net';
import { ignoredLabel } from '../onnx/labels';
import { UserError } from '../prototxt/userError';

/** What a layer that reads labels accepts. */
interface LabelReader {
  readonly layer: string;
  readonly labelBlob: string;
  readonly scoreBlob: string;
  readonly axis: number;
  readonly ignored: number | undefined;
}

/**
 * Checks labels before they reach the net: the runtime would fail on an index out of range, or
 * worse, pick another class's score.
 */
export class LabelCheck {
  private readonly readers: readonly LabelReader[];
  private readonly classes = new Map<string, number>();

  constructor(net: Net) {
    this.readers = net.layers.flatMap((layer) => {
      const [scoreBlob, labelBlob] = layer.bottoms;
      if (scoreBlob === undefined || labelBlob === undefined) return [];
      const isAccuracy = layer.type === 'Accuracy';
      if (!isAccuracy && layer.type !== 'SoftmaxWithLoss') return [];
      const param = isAccuracy ? layer.param.accuracy_param : layer.param.loss_param;
      return [
        {
          layer: layer.name,
          labelBlob,
          scoreBlob,
          axis: (isAccuracy ? layer.param.accuracy_param : layer.param.softmax_param)?.axis ?? 1,
          ignored: ignoredLabel(param),
        },
      ];
    });
  }

  /** Learns the numbers of classes from the shapes of the converted net. */
  learnShapes(blobShapes: ReadonlyMap<string, readonly number[]>): void {
    for (const { layer, scoreBlob, axis } of this.readers) {
      const classes = blobShapes.get(scoreBlob)?.at(axis);
      if (classes !== undefined) this.classes.set(layer, classes);
    }
  }

  /**
   * @param place names the record behind a position of the batch
   * @throws UserError naming the record, the label and the layer that cannot take it
   */
  check(
    labelBlob: string,
    labels: Float32Array,
    place: (position: number) => { readonly file: string; readonly record: string },
  ): void {
    for (const reader of this.readers) {
      const classes = this.classes.get(reader.layer);
      if (reader.labelBlob !== labelBlob || classes === undefined) continue;
      const bad = labels.findIndex(
        (label) => label !== reader.ignored && !(label >= 0 && label < classes),
      );
      if (bad < 0) continue;
      const { file, record } = place(bad);
      throw new UserError(
        'data/label',
        `${record} has label ${labels[bad]}, but layer "${reader.layer}" has classes 0 to ` +
          `${classes - 1}: is this the data of another net?`,
        { file },
      );
    }
  }
}
