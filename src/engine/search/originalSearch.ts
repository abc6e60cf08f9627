import { UserError } from '../../base/userError';
import {
  search,
  type OriginalMode,
  type Score,
  type SearchResult,
} from '../../quantize/original/search';
import type { QuantizeOptions } from './quantizeOptions';
import type { SearchRun } from './searchRun';

/** @throws UserError for a mode that the original does not have */
export function originalMode({ mode, model }: QuantizeOptions): OriginalMode {
  if (mode !== 'mixed') return mode;
  throw new UserError(
    'quantize/mode',
    'mixed formats need --search=best: the original gives all layers formats of one kind',
    { file: model },
  );
}

/** The original's search: one width a group. */
export async function runOriginalSearch(
  { options, setup, layers, margin, scorer, progress, events }: SearchRun,
  baseline: Score,
): Promise<SearchResult> {
  if (setup.rangeData !== setup.testData) await setup.rangeData.close();
  const { iterations } = options;
  return search(originalMode(options), {
    layers,
    baseline,
    errorMargin: margin.errorMargin,
    direction: margin.direction,
    widths: options.bits,
    score: async (candidate, what) => {
      const onBatch = progress.pass(what, iterations, setup.testData.batchSize);
      const { score, loss, seconds } = await scorer.score(candidate, onBatch);
      return { score, loss, seconds };
    },
    onRow: (row) => events.onRow(row),
    onSaved: (candidates) => progress.skip(candidates, iterations),
  });
}
