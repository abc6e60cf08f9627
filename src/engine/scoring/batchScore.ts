import { highestChannels } from '../../caffe/predictions';
import { scoreValue } from '../../caffe/scoreBlob';
import type { ScorePlace } from '../../caffe/scoreChoice';
import type { Tensor } from '../../runtime/session';

/** Reads the score of each batch out of what a net puts out. */
export interface BatchScore {
  /** Score of a batch of the float net, which others may be compared with. */
  float(outputs: ReadonlyMap<string, Tensor>, index: number): number;
  /** Score of a batch of any other net. */
  of(outputs: ReadonlyMap<string, Tensor>, index: number): number;
}

export function batchScore(place: ScorePlace): BatchScore {
  if (place.pick === 'agreement') return new Agreement(place.blob);
  const value = (outputs: ReadonlyMap<string, Tensor>): number =>
    scoreValue(place, outputOf(outputs, place.blob).data);
  return { float: value, of: value };
}

/** Share of predictions that are the float net's; the float net's batches have to be seen first. */
class Agreement implements BatchScore {
  private readonly floatChannels: Int32Array[] = [];

  constructor(private readonly blob: string) {}

  float(outputs: ReadonlyMap<string, Tensor>, index: number): number {
    const { shape, data } = outputOf(outputs, this.blob);
    this.floatChannels[index] = highestChannels(shape, data);
    return 1;
  }

  of(outputs: ReadonlyMap<string, Tensor>, index: number): number {
    const { shape, data } = outputOf(outputs, this.blob);
    const expected = this.floatChannels[index];
    if (expected === undefined) throw new Error('the float net has not been seen on this batch');
    const channels = highestChannels(shape, data);
    let same = 0;
    for (let i = 0; i < expected.length; i++) if (channels[i] === expected[i]) same++;
    return same / expected.length;
  }
}

export function outputOf(outputs: ReadonlyMap<string, Tensor>, blob: string): Tensor {
  const output = outputs.get(blob);
  if (output === undefined) throw new Error(`there is no output ${blob} to score by`);
  return output;
}
