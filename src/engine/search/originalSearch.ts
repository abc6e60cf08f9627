import { parameterGroup } from '../../caffe/layerTypes';
import { BestKeeper } from '../../quantize/bestSoFar';
import { CostModel, defaultObjective } from '../../quantize/costs';
import { tailShare, type ExpectedWork } from '../../quantize/expectedWork';
import { isWithinMargin } from '../../quantize/margin';
import { expectedSweeps, search } from '../../quantize/original/search';
import type { ExpectedSweep, SearchResult } from '../../quantize/original/sweep';
import type { Group } from '../../quantize/groups';
import { isOriginal, modes, type OriginalMode } from '../../quantize/modes/modes';
import type { Score } from '../../quantize/score';
import { sweepPhaseName } from '../../quantize/phases';
import type { LayerReport } from '../../quantize/report';
import { UserError } from '../../base/userError';
import { ifOffered, option, words } from '../../base/words';
import type { QuantizeOptions } from './quantizeOptions';
import type { SearchRun } from './searchRun';

/** @throws UserError for a mode that the original does not have */
export function originalMode({ mode, model }: QuantizeOptions): OriginalMode {
  if (isOriginal(mode)) return mode;
  throw new UserError(
    'quantize/mode',
    words`${modes[mode].name} need ${ifOffered(
      'flags',
      [option('search', 'best')],
      'the best search',
    )}: the original gives all layers formats of one kind`,
    { file: model },
  );
}

/** The original's search: one width a group. */
export async function runOriginalSearch(
  { options, setup, layers, margin, scorer, progress, tell }: SearchRun,
  baseline: Score,
): Promise<SearchResult> {
  if (setup.rangeData !== setup.testData) await setup.rangeData.close();
  const { iterations } = options;
  const pass = { batches: iterations, batchSize: setup.testData.batchSize, kind: 'score' } as const;
  const costs = new CostModel(layers, defaultObjective);
  const keeper = new BestKeeper(costs, setup.choice.isAccuracy);
  const shareOf = sweepShares(layers);
  return search(originalMode(options), {
    layers,
    baseline,
    errorMargin: margin.errorMargin,
    direction: margin.direction,
    widths: options.bits,
    score: async (candidate, step) => {
      const onBatch = progress.pass(sweepPhaseName(step), pass);
      const { score, loss, seconds, isKnown } = await scorer.score(candidate, onBatch);
      progress.ended(isKnown ? undefined : 'score', shareOf(step === 'final' ? 'net' : step.group));
      return { score, loss, seconds };
    },
    onRow: (row, candidate) => {
      if (isWithinMargin(row.score, margin)) keeper.offer(costs.of(candidate), row.score);
      progress.best = keeper.best;
      tell('row', row);
    },
    onExpected: (left) => progress.expect({ score: sweepWork(left, shareOf), sample: 0 }),
  });
}

/** What is expected of the original's search before it begins. */
export function expectedOfOriginal(
  options: QuantizeOptions,
  targets: readonly { readonly type: string }[],
): ExpectedWork {
  const sweeps = expectedSweeps(originalMode(options), targets, options.bits);
  return { score: sweepWork(sweeps, () => 1), sample: 0 };
}

function sweepWork(sweeps: readonly ExpectedSweep[], shareOf: (group: Group) => number): number {
  return sweeps.reduce((sum, { group, candidates }) => sum + candidates * shareOf(group), 0);
}

/** What a candidate costs as a share of a pass of the whole net: of FC layers, what comes before is kept. */
function sweepShares(layers: readonly LayerReport[]): (group: Group) => number {
  const first = layers.findIndex(({ type }) => parameterGroup(type) === 'fc_params');
  const operations = layers.map((layer) => layer.operations);
  const share = first < 0 ? 1 : tailShare(operations, first);
  return (group) => (group === 'fc_params' ? share : 1);
}
