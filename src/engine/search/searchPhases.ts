import { planEffort, type AvailableImages } from '../../quantize/best/effort';
import { BestForecast, plannedChoices, plannedKnobSizes } from '../../quantize/best/forecast';
import { bestWidths } from '../../quantize/best/knobs';
import type { ExpectedWork } from '../../quantize/expectedWork';
import { modes } from '../../quantize/modes/modes';
import { bestPhaseName, type BestPhase } from '../../quantize/phases';
import type { PassProgress } from '../files/progress';
import type { QuantizeOptions } from './quantizeOptions';

/** What is expected of a best search before there is anything to go by but the number of its layers. */
export function expectedOfBest(
  options: QuantizeOptions,
  layers: number,
  images: AvailableImages,
): ExpectedBest {
  const perLayer = modes[options.mode].isOneFormat ? 1 : 3;
  const widths = options.bits ?? bestWidths;
  const knobs = Array.from({ length: layers * perLayer }, () => plannedChoices(widths));
  const effort = planEffort(knobs, images);
  const sizes = plannedKnobSizes(layers, perLayer, widths, effort);
  const { score, sample } = new BestForecast(sizes, effort).left();
  // The float net on calibration data; the values that formats are chosen by come from all of them.
  const beforehand = 1 + images.ranked / effort.images;
  return { work: { score, sample: sample + beforehand }, sampleImages: effort.images };
}

/** What a best search is expected to take. */
export interface ExpectedBest {
  readonly work: ExpectedWork;
  /** Images that candidates will be ranked on. */
  readonly sampleImages: number;
}

/** Tells the progress of a best search, and counts what it ran on calibration data. */
export class SearchPhases {
  calibrations = 0;
  private what = '';
  private share = 1;

  constructor(
    private readonly progress: PassProgress,
    private readonly pass: { readonly batches: number; readonly batchSize: number },
  ) {}

  begin(phase: BestPhase, round: number): void {
    this.what = bestPhaseName(phase, round);
    this.progress.begin(this.what);
  }

  /** @param share what the next pass over calibration data costs of one of the whole net */
  expect(share: number, left: ExpectedWork): void {
    this.share = share;
    this.progress.expect(left);
  }

  /** A pass over calibration data was really run. */
  calibrated(): void {
    this.calibrations++;
    this.progress.ended('sample', this.share);
  }

  /** Starts a pass over all scoring data. */
  score(): (done: number) => void {
    return this.progress.pass(this.what, { ...this.pass, kind: 'score' });
  }

  /** Ends it; one that was known was not really run. */
  scored(isKnown: boolean): void {
    this.progress.ended(isKnown ? undefined : 'score');
  }
}
