import type { SourceRange } from '../prototxt/source';
import type { Analysis } from './analysis';
import { fileReferences } from './fileReferences';

/** A path to follow. */
export interface DocumentLink {
  readonly path: string;
  /** The field that gives it, such as `net`. */
  readonly field: string;
  /** Within the quotes. */
  readonly range: SourceRange;
}

/** The files that a document names: nets of a solver, data, means, weights. */
export function documentLinks(analysis: Analysis): readonly DocumentLink[] {
  return fileReferences(analysis).map(({ path, field, range }) => {
    const isClosed = analysis.text[range.end - 1] === analysis.text[range.start];
    const end = isClosed && range.end - range.start > 1 ? range.end - 1 : range.end;
    return { path, field, range: { start: range.start + 1, end } };
  });
}
