import {
  retuneAll,
  sensitivityCandidates,
  type ChoiceSize,
  type Retuning,
  type Surroundings,
} from './sensitivity';

/**
 * How much a search may find out: `everything` measures each width of each knob, `gains` measures two or
 * three and works out the others from the noise that they add.
 */
export type Thoroughness = 'everything' | 'gains';

/** What a search is to spend, so that its passes grow with the depth of a net and not with its square. */
export interface Effort {
  readonly thoroughness: Thoroughness;
  /** Images that candidates are ranked on. */
  readonly images: number;
  /** Nets scored whole, at most: to find the end of the first path, of a round's, to close a gap. */
  readonly verdicts: { readonly first: number; readonly round: number; readonly gap: number };
  /** Nets scored whole that the frontier shows at least. */
  readonly frontier: number;
  /** Of a round: formats that are chosen anew, and what is measured around the net. */
  readonly retuning: Retuning;
  readonly around: Pick<Surroundings, 'reach'> & {
    /** Share of what could still be saved that the knobs measured make up. */
    readonly share: number;
  };
  readonly rounds: number;
  /** Rounds in a row that may find nothing. */
  readonly vainRounds: number;
}

/** What the data allow. */
export interface AvailableImages {
  /** Images that nets are scored on. */
  readonly scored: number;
  /** Images that candidates may be ranked on. */
  readonly ranked: number;
  /** Multiply-accumulates that the net takes for an image. */
  readonly operations: number;
}

/** Passes over all scored images that the knobs may take one by one, where every width is measured. */
const everythingPasses = 14;
/** Multiply-accumulates that they may take in any case: seconds, on whatever machine. */
const everythingOperations = 5e10;
/** The same where only the gains are. */
const gainsPasses = 10;
/** Candidates of a knob where only its gain is measured: seldom more. */
const gainCandidates = 3;
/** Share of the net that a candidate runs on average: from its own layer on. */
const usualShare = 0.6;

/** An error of outputs is settled by so many images; by fewer a width's effect is luck. */
const fewestOfEverything = 64;
const fewestOfGains = 16;
const mostOfGains = 64;

/**
 * Measures everything where that takes about fourteen passes over the scored images, as it does on small nets
 * and where many images are scored; only gains else.
 *
 * @param knobs the widths of each, from the most bits to the fewest
 */
export function planEffort(
  knobs: readonly (readonly ChoiceSize[])[],
  { scored, ranked, operations }: AvailableImages,
): Effort {
  const all = knobs.reduce((sum, choices) => sum + sensitivityCandidates(choices), 0);
  const affordable = Math.max(
    imagesFor(everythingPasses, all, scored),
    imagesFor(everythingOperations, all, 1 / Math.max(1, operations)),
  );
  if (affordable >= Math.min(fewestOfEverything, ranked)) {
    return {
      thoroughness: 'everything',
      images: Math.min(ranked, affordable),
      verdicts: { first: 9, round: 6, gap: 14 },
      frontier: 4,
      retuning: retuneAll,
      around: { reach: 2, share: 1 },
      rounds: 5,
      vainRounds: 2,
    };
  }
  const turned = knobs.filter((choices) => choices.length > 1).length;
  const images = imagesFor(gainsPasses, turned * gainCandidates, scored);
  return {
    thoroughness: 'gains',
    images: Math.min(ranked, Math.max(fewestOfGains, Math.min(mostOfGains, images))),
    verdicts: { first: 7, round: 3, gap: 4 },
    frontier: 2,
    retuning: { contenders: 2, mostBits: 5 },
    around: { reach: 1, share: 0.8 },
    rounds: 2,
    vainRounds: 1,
  };
}

/**
 * Images that so many candidates may run within a budget.
 *
 * @param worth images that a unit of the budget pays for, of the whole net
 */
function imagesFor(budget: number, candidates: number, worth: number): number {
  return Math.floor((budget * worth) / Math.max(1, candidates * usualShare));
}
