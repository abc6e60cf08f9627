import type { MessageNode } from '../prototxt/tree';
import { skipBlanks } from '../prototxt/tokens';
import type { Analysis } from './analysis';

/** Lines to hide: those after the line of `start`, up to and with the line of `end`. */
export interface FoldingRange {
  readonly start: number;
  readonly end: number;
  readonly kind: 'block' | 'comment' | 'region';
}

/** Messages and lists of several lines, runs of comment lines, `# region` to `# endregion`. */
export function foldingRanges({ root, text }: Analysis): readonly FoldingRange[] {
  const ranges: FoldingRange[] = [];
  addBlocks(root, text, ranges);
  addComments(text, ranges);
  return ranges.sort((a, b) => a.start - b.start || b.end - a.end);
}

function addBlocks(message: MessageNode, text: string, ranges: FoldingRange[]): void {
  for (const { isList, valueRange, values } of message.fields) {
    if (isList) add(valueRange.start, valueRange.end - 1, text[valueRange.end - 1] === ']');
    for (const value of values) {
      if (value.kind !== 'message') continue;
      add(
        value.open ?? value.range.start,
        value.close ?? value.range.end,
        value.close !== undefined,
      );
      addBlocks(value, text, ranges);
    }
  }

  function add(start: number, last: number, isClosed: boolean): void {
    // The line of the closing bracket stays in sight.
    const lineStart = text.lastIndexOf('\n', last - 1) + 1;
    const startsLine = skipBlanks(text, lineStart) >= last;
    const end = isClosed && startsLine ? lineStart - 1 : last;
    if (end > start && text.slice(start, end).includes('\n')) {
      ranges.push({ start, end, kind: 'block' });
    }
  }
}

/** Comments that stand alone on their lines; `#` in a string does not start a line of a prototxt. */
function addComments(text: string, ranges: FoldingRange[]): void {
  const regions: number[] = [];
  let run: { start: number; end: number; lines: number } | undefined;
  const flush = (): void => {
    if (run !== undefined && run.lines > 1) {
      ranges.push({ start: run.start, end: run.end, kind: 'comment' });
    }
    run = undefined;
  };
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end);
    const start = at + line.length - line.trimStart().length;
    const marker = /^\s*#\s*(region|endregion)\b/.exec(line)?.[1];
    if (marker !== undefined || !line.trimStart().startsWith('#')) flush();
    else if (run === undefined) run = { start, end, lines: 1 };
    else run = { start: run.start, end, lines: run.lines + 1 };
    if (marker === 'region') regions.push(start);
    const region = marker === 'endregion' ? regions.pop() : undefined;
    if (region !== undefined) ranges.push({ start: region, end, kind: 'region' });
    at = end + 1;
  }
  flush();
}
