import type { Candidate } from '../../formats/layerFormats';
import type { ScoreChoice } from '../../caffe/scoreChoice';
import type { Calibrated } from '../../quantize/best/context';
import type { Watch } from '../../runtime/scoreBatches';
import { batchScore, outputOf } from './batchScore';
import { totalLoss, type Evaluator } from './evaluator';
import type { ScoreJournal } from './scoreJournal';

export interface CalibratorOptions {
  /** Of the TEST-phase net on calibration data. */
  readonly evaluator: Evaluator;
  readonly choice: ScoreChoice;
  /** The blob that holds the net's predictions, an output. */
  readonly predictions: string;
  readonly iterations: number;
  /** That these iterations have. */
  readonly images: number;
  readonly journal: ScoreJournal;
  /** Called after each pass that was really run. */
  readonly onPass: () => void;
}

/** A loss of fewer images says more of these than of the net: its derivative is not 0 there. */
const fewestForLoss = 256;

/**
 * Ranks candidates on calibration data. Their distortion is the net's loss where it has one, labels to
 * compute it from and 256 images or more; else the error of the predictions, `sum (y - y_float)^2 / sum y_float^2`.
 */
export class Calibrator {
  private readonly batchScore;
  private readonly floatPredictions: Float32Array[] = [];
  private readonly usesLoss: boolean;
  /** Prepared, but run only where a candidate is really scored. */
  private pending: { readonly candidate: Candidate; readonly layer: string } | undefined;

  constructor(private readonly options: CalibratorOptions) {
    this.batchScore = batchScore(options.choice);
    this.usesLoss =
      options.choice.pick !== 'agreement' &&
      options.evaluator.hasLoss &&
      options.images >= fewestForLoss;
  }

  /** Runs the float net, which has to come first. */
  async float(): Promise<Calibrated> {
    return this.run(undefined);
  }

  /** What a candidate does on calibration data; each is run at most once. */
  async calibrate(candidate: Candidate): Promise<Calibrated> {
    const { journal } = this.options;
    const known = journal.get('calibration', candidate);
    if (known?.distortion !== undefined) {
      return { distortion: known.distortion, score: known.score };
    }
    await this.keep();
    const made = await this.run(candidate);
    journal.set('calibration', candidate, {
      ...made,
      loss: null,
      seconds: 0,
      batches: [],
      isBound: false,
    });
    return made;
  }

  /** The next candidates differ from this one from a layer on only. */
  prepare(candidate: Candidate, layer: string): void {
    this.pending = { candidate, layer };
  }

  private async keep(): Promise<void> {
    if (this.pending === undefined) return;
    const { candidate, layer } = this.pending;
    this.pending = undefined;
    const { evaluator, iterations } = this.options;
    await evaluator.keepActivationsBefore([layer], iterations, () => undefined, candidate);
  }

  private async run(candidate: Candidate | undefined): Promise<Calibrated> {
    const { evaluator, iterations, predictions } = this.options;
    let scores = 0;
    let error = 0;
    let energy = 0;
    const watch: Watch = (outputs, index) => {
      const isFloat = candidate === undefined;
      scores += isFloat
        ? this.batchScore.float(outputs, index)
        : this.batchScore.of(outputs, index);
      if (this.usesLoss) return undefined;
      const { data } = outputOf(outputs, predictions);
      if (isFloat) this.floatPredictions[index] = data.slice();
      const expected = this.floatPredictions[index] ?? new Float32Array();
      for (let i = 0; i < expected.length; i++) {
        error += ((data[i] ?? 0) - (expected[i] ?? 0)) ** 2;
        energy += (expected[i] ?? 0) ** 2;
      }
      return undefined;
    };
    const { outputs } = await evaluator.average(iterations, candidate, () => undefined, watch);
    this.options.onPass();
    const distortion = this.usesLoss
      ? (totalLoss(evaluator.net, outputs) ?? Number.NaN)
      : error / (energy || 1);
    return { distortion, score: scores / iterations };
  }
}
