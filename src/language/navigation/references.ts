import type { SourceRange } from '../../prototxt/source';
import type { Analysis } from '../analysis';
import { sameBlob } from './blobUses';
import { layersNamed, symbolAt } from './symbolAt';

/** A place where a blob or layer is named. */
export interface Highlight {
  readonly range: SourceRange;
  /** Whether the place makes or changes what it names. */
  readonly isWrite: boolean;
}

/** Every place that names the blob or layer at an offset, in file order. */
export function highlightsAt(analysis: Analysis, offset: number): readonly Highlight[] {
  const symbol = symbolAt(analysis, offset);
  if (symbol === undefined) return [];
  const found =
    symbol.kind === 'blob'
      ? sameBlob(symbol.uses, symbol.use).map(({ blob, role }) => ({
          range: blob.range,
          isWrite: role === 'top',
        }))
      : layersNamed(symbol.net, symbol.layer.name).map(({ nameNode }) => ({
          range: nameNode?.range ?? symbol.range,
          isWrite: true,
        }));
  return [...found].sort((a, b) => a.range.start - b.range.start);
}

/** The same places for a list of references; without those that make the blob if so asked. */
export function referencesAt(
  analysis: Analysis,
  offset: number,
  withDefinition: boolean,
): readonly SourceRange[] {
  const symbol = symbolAt(analysis, offset);
  const places = highlightsAt(analysis, offset).map(({ range }) => range);
  if (withDefinition || symbol?.kind !== 'blob') return places;
  const uses = sameBlob(symbol.uses, symbol.use);
  const made = new Set(uses.flatMap(({ makers }) => [...makers].map(({ blob }) => blob.range)));
  return places.filter((range) => !made.has(range));
}
