import { bestWidths } from '../../quantize/best/knobs';
import { mostWork, type MostWork } from '../../quantize/best/search';
import type { PassProgress } from '../files/progress';
import type { QuantizeOptions } from './quantizeOptions';

/** The most work of a best search, phase by phase, known before it begins. */
export function bestWork(options: QuantizeOptions, layers: number): readonly MostWork[] {
  const knobs = options.mode === 'minifloat' ? layers : 3 * layers;
  return mostWork(knobs, options.bits ?? bestWidths);
}

/** A calibration pass as a share of a pass over all scoring data is small: it counts as one batch. */
const calibrationBatches = 1;

/** Passes and batches of phases as progress counts them. */
export function workOf(
  phases: readonly MostWork[],
  iterations: number,
): { readonly passes: number; readonly batches: number } {
  const total = (key: keyof MostWork): number => phases.reduce((sum, most) => sum + most[key], 0);
  const [calibrations, verdicts] = [total('calibrations'), total('verdicts')];
  return {
    passes: calibrations + verdicts,
    batches: calibrations * calibrationBatches + verdicts * iterations,
  };
}

/** Counts the work of the search's phases: what was announced and not needed counts as done. */
export class SearchPhases {
  calibrations = 0;
  private what = 'calibration';
  private phase = -1;
  private left: { calibrations: number; verdicts: number } = { calibrations: 0, verdicts: 0 };

  constructor(
    private readonly progress: PassProgress,
    private readonly iterations: number,
    private readonly most: readonly MostWork[],
  ) {}

  begin(what: string): void {
    this.skipRest();
    this.what = what;
    this.phase++;
    this.left = { calibrations: 0, verdicts: 0, ...this.most[this.phase] };
  }

  calibrated(): void {
    this.calibrations++;
    if (this.left.calibrations === 0) return;
    this.left.calibrations--;
    this.progress.pass(this.what, calibrationBatches)(calibrationBatches);
  }

  verdict(what: string, batchSize: number): (done: number) => void {
    this.left.verdicts = Math.max(0, this.left.verdicts - 1);
    return this.progress.pass(what, this.iterations, batchSize);
  }

  /** Counts all phases that are still to come as done. */
  end(): void {
    while (this.phase < this.most.length) this.begin('');
  }

  private skipRest(): void {
    this.progress.skip(this.left.calibrations, calibrationBatches);
    this.progress.skip(this.left.verdicts, this.iterations);
  }
}
