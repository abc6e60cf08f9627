/** Offsets into a source text in UTF-16 code units, end exclusive. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

/** Line and column, both counted from 1. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** A text file as read, with the line table that turns offsets into positions. */
export class SourceText {
  private lineStarts: number[] | undefined;

  constructor(
    /** The path as the user gave it: it is what messages show. */
    readonly path: string,
    readonly text: string,
  ) {}

  /** Position of an offset; offsets past the end give the end. */
  positionAt(offset: number): SourcePosition {
    const starts = (this.lineStarts ??= findLineStarts(this.text));
    const clamped = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: clamped - (starts[low] ?? 0) + 1 };
  }

  /** Offset of a line and column that count from 1; past the end of the text gives the end. */
  offsetAt(line: number, column: number): number {
    const starts = (this.lineStarts ??= findLineStarts(this.text));
    const start = starts[line - 1] ?? this.text.length;
    return Math.min(start + column - 1, this.text.length);
  }
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
