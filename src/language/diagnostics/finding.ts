import type { SourceRange } from '../../prototxt/source';
import type { TextEdit } from '../../prototxt/textEdit';

/** The kinds of findings whose severity a user can set. */
export const families = [
  'syntax',
  'schema',
  'layerTypes',
  'wiring',
  'unused',
  'shapes',
  'quantization',
  'sources',
] as const;
export type Family = (typeof families)[number];

/** From what Caffe refuses down to what is only good to know. */
export type FindingSeverity = 'error' | 'warning' | 'information' | 'hint';

/** A change that puts a finding right. */
export interface QuickFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The one to take where no choice is made. */
  readonly isPreferred: boolean;
}

/** Something to tell of a place in a document while it is edited. */
export interface Finding {
  readonly family: Family;
  /** Stable identifier, e.g. `wiring/missing-bottom`. */
  readonly code: string;
  readonly severity: FindingSeverity;
  /** One line, without the place. */
  readonly message: string;
  readonly range: SourceRange;
  /** Another place that the message speaks of. */
  readonly related?: { readonly message: string; readonly range: SourceRange };
  /** Worked out only when someone asks. */
  readonly fixes?: () => readonly QuickFix[];
}

/** A fix of one replacement. */
export function replaceFix(
  title: string,
  range: SourceRange,
  newText: string,
  isPreferred = true,
): QuickFix {
  return { title, edits: [{ range, newText }], isPreferred };
}

/** A fix that takes a field out, with the whole line where it stands alone on it. */
export function removeFix(text: string, title: string, range: SourceRange): QuickFix {
  let { start, end } = range;
  while (text[end] === ',' || text[end] === ';') end++;
  let lineStart = start;
  while (isBlank(text[lineStart - 1])) lineStart--;
  let lineEnd = end;
  while (isBlank(text[lineEnd]) || text[lineEnd] === '\r') lineEnd++;
  const startsLine = lineStart === 0 || text[lineStart - 1] === '\n';
  if (startsLine && text[lineEnd] === '\n') {
    start = lineStart;
    end = lineEnd + 1;
  } else if (isBlank(text[end])) {
    end++;
  }
  return { title, edits: [{ range: { start, end }, newText: '' }], isPreferred: false };
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
