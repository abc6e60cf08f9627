import { BestForecast, plannedKnobSizes } from '../../quantize/best/forecast';
import { bestWidths } from '../../quantize/best/knobs';
import type { ExpectedWork } from '../../quantize/expectedWork';
import { modes } from '../../quantize/modes/modes';
import { bestPhaseName, type BestPhase } from '../../quantize/phases';
import type { PassProgress } from '../files/progress';
import type { QuantizeOptions } from './quantizeOptions';

/** What is expected of a best search before there is anything to go by but the number of its layers. */
export function expectedOfBest(options: QuantizeOptions, layers: number): ExpectedWork {
  const perLayer = modes[options.mode].isOneFormat ? 1 : 3;
  const sizes = plannedKnobSizes(layers, perLayer, options.bits ?? bestWidths);
  const { score, sample } = new BestForecast(sizes).left();
  // The float net on calibration data, and the values that formats are chosen by.
  return { score, sample: sample + 2 };
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
