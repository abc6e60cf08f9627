import type { Costs, Objective } from '../../quantize/costs';

/** What a search saves above all. */
export type MainCost = keyof Costs;

/** The cost that weighs most; of equal ones the first, which is also the search's own choice. */
export function mainCostOf(objective: Objective | undefined): MainCost {
  if (objective === undefined) return 'weightBytes';
  const { weightBytes, activationBits, bitOperations } = objective;
  const most = Math.max(weightBytes, activationBits, bitOperations);
  if (weightBytes === most) return 'weightBytes';
  return activationBits === most ? 'activationBits' : 'bitOperations';
}
