import type { SourceRange } from '../prototxt/source';
import type { Analysis } from './analysis';
import { placeAt } from './placeAt';

/** What one selects step by step from an offset on: value, field, inside of a message, message ... */
export function selectionRanges(analysis: Analysis, offset: number): readonly SourceRange[] {
  const { text, root } = analysis;
  const { field, value, isOnName, message, parents } = placeAt(analysis, offset);
  const found: SourceRange[] = [];
  if (value?.kind === 'scalar') {
    const { start, end } = value.range;
    const isString = value.form === 'string' && end - start > 1;
    if (isString) found.push({ start: start + 1, end: end - 1 });
    found.push(value.range);
  } else if (isOnName && field !== undefined) found.push(field.nameRange);
  if (field !== undefined) found.push(field.range);
  let inner = message;
  for (const parent of [...parents].reverse()) {
    if (inner.open !== undefined) {
      found.push({ start: inner.open + 1, end: inner.close ?? inner.range.end }, inner.range);
    }
    found.push(parent.field.range);
    inner = parent.node;
  }
  found.push({ start: 0, end: text.length });
  const around = found.filter(({ start, end }) => start <= offset && offset <= end);
  // VS Code wants each to hold the one before and to be larger.
  return around.reduce<SourceRange[]>(
    (kept, range) => {
      const last = kept.at(-1);
      const grows =
        last === undefined ||
        (range.start <= last.start &&
          range.end >= last.end &&
          range.end - range.start > last.end - last.start);
      return grows ? [...kept, range] : kept;
    },
    root.range.end === 0 ? [root.range] : [],
  );
}
