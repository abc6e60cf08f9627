/** What a message is for, and what each of its fields means. */
export interface MessageText<T> {
  readonly summary: string;
  /** One for every field: the compiler sees to it. */
  readonly fields: Readonly<Record<keyof T & string, string>>;
}

/** What each value of an enum, or of a string that takes certain words, means. */
export type ValueTexts = Readonly<Record<string, string>>;

/** Texts that several messages share. */
export const shared = {
  engine:
    'Which code of Caffe computes the layer. It changes the speed and never the meaning; it has no effect here.',
  weightFiller: 'How the weights start before training. A trained caffemodel replaces them.',
  biasFiller: 'How the biases start before training. A trained caffemodel replaces them.',
  biasTerm: 'Whether a learned bias is added to each output.',
  scale: 'Factor that every pixel is multiplied with, after the mean was subtracted.',
  meanFile:
    'A `.binaryproto` file with the mean image that is subtracted from every image. Not together with `mean_value`.',
  cropSize:
    'Cuts a square of this many pixels out of each image: at random in TRAIN, from the middle in TEST. 0 takes the whole image.',
  mirror: 'Whether images are turned left to right at random. Only in TRAIN.',
  batchSize: 'Images in a batch: the first size of the tops.',
  randSkip: 'Skips up to this many records before the first one, at random.',
} as const;
