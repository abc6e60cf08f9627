import { formatTimeLeft } from '../../base/amounts';
import type { Progress } from '../../engine/files/progress';
import { describeBestSoFar } from '../../quantize/bestSoFar';
import type { ProgressView } from '../panelMessages';
import { formatCount } from './formatting';

/** How far a run is, in words and as a share. */
export function progressView(progress: Progress): ProgressView {
  const { what, share, imagesPerSecond, secondsLeft, best } = progress;
  return {
    what,
    fraction: share,
    speed: imagesPerSecond === undefined ? undefined : `${formatCount(imagesPerSecond)} images/s`,
    left: secondsLeft === undefined ? undefined : formatTimeLeft(secondsLeft),
    best: best === undefined ? undefined : describeBestSoFar(best),
  };
}
