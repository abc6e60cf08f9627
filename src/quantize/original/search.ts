import { parameterGroup } from '../../caffe/layerTypes';
import type { Group, Sweep } from '../groups';
import { planOf, type OriginalMode } from '../modes/modes';
import type { QuantizableLayer } from './candidates';
import {
  expectedRows,
  finalNet,
  originalWidths,
  type ExpectedSweep,
  type SearchContext,
  type SearchResult,
} from './sweep';

/** The sweeps of a trimming mode as far as they are known before the ranges are. */
export function plannedSweeps(
  mode: OriginalMode,
  widths: readonly number[] = originalWidths,
): readonly Sweep[] {
  return planOf(mode).sweeps(widths);
}

/** Runs the original's search of a trimming mode. */
export function search(mode: OriginalMode, context: SearchContext): Promise<SearchResult> {
  return planOf(mode).search(context);
}

/** What a search is expected to score, before its first candidate. */
export function expectedSweeps(
  mode: OriginalMode,
  layers: readonly Pick<QuantizableLayer, 'type'>[],
  swept: readonly number[] = originalWidths,
): readonly ExpectedSweep[] {
  const groups = new Set<Group | undefined>(layers.map(({ type }) => parameterGroup(type)));
  const sweeps = plannedSweeps(mode, swept)
    .filter(({ group }) => group === 'activations' || group === 'net' || groups.has(group))
    .map(({ group, widths }) => ({ group, candidates: expectedRows(widths) }));
  return planOf(mode).scoresLastNet ? [...sweeps, finalNet] : sweeps;
}
