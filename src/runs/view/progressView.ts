import type { Progress } from '../../engine/files/progress';
import { formatCount, formatTimeLeft } from './formatting';
import type { ProgressView } from '../panelMessages';

/** How far a run is, in words and as a share. */
export function progressView(progress: Progress): ProgressView {
  const { what, pass, mostPasses, runBatch, runBatches, imagesPerSecond, secondsLeft } = progress;
  return {
    what,
    pass,
    mostPasses,
    fraction: runBatches === 0 ? 0 : Math.min(1, runBatch / runBatches),
    speed: imagesPerSecond === undefined ? undefined : `${formatCount(imagesPerSecond)} images/s`,
    left: secondsLeft === undefined ? undefined : formatTimeLeft(secondsLeft),
  };
}
