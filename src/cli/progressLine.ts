import { formatBytes, formatTimeLeft } from '../base/amounts';
import { shown } from '../base/shown';
import type { Progress } from '../engine/files/progress';
import { describeBestSoFar, describeScore } from '../quantize/bestSoFar';

/** Columns of a bar: what is too narrow tells nothing. */
const widestBar = 24;
const narrowestBar = 8;

/**
 * How far a run is, in one line that fits a terminal: what matters least is left out first.
 *
 * @param columns that the line may take
 */
export function progressLine(progress: Progress, columns: number): string {
  const { batch, batches, share, secondsLeft, best } = progress;
  const what = shown(progress.what);
  const percent = `${Math.floor(share * 100)} %`;
  const left = secondsLeft === undefined ? undefined : formatTimeLeft(secondsLeft);
  const count = batches > 1 ? `batch ${batch}/${batches}` : undefined;
  const bestText = best === undefined ? undefined : describeBestSoFar(best);
  const bestShort =
    best === undefined
      ? undefined
      : `best ${formatBytes(best.weightBytes)}, ${describeScore(best.score, best.isAccuracy)}`;
  const variants = [
    { bar: widestBar, parts: [percent, count, left, bestText] },
    { bar: narrowestBar, parts: [percent, count, left, bestText] },
    { bar: narrowestBar, parts: [percent, left, bestText] },
    { bar: 0, parts: [percent, left, bestText] },
    { bar: 0, parts: [percent, left?.replace(/^about /, ''), bestShort] },
    { bar: 0, parts: [percent, left] },
  ].map(({ bar, parts }) => {
    const text = parts.filter((part) => part !== undefined).join(', ');
    const room = Math.min(widestBar, columns - what.length - text.length - 4);
    const size = bar === 0 ? 0 : Math.max(bar, room);
    return size === 0 ? `${what} ${text}` : `${what} [${drawBar(share, size)}] ${text}`;
  });
  return variants.find((line) => line.length <= columns) ?? `${what} ${percent}`.slice(0, columns);
}

function drawBar(share: number, size: number): string {
  const done = Math.floor(share * size);
  return '='.repeat(done) + '-'.repeat(size - done);
}
