import type { BestPhase } from '../phases';
import { tailShare, type ExpectedWork } from '../expectedWork';
import type { Effort, Thoroughness } from './effort';
import { mostGainCandidates, mostRefinedCandidates } from './gains';
import type { Choice, Knob } from './knobs';
import {
  neighbourCandidates,
  retuneCandidates,
  sensitivityCandidates,
  type ChoiceSize,
} from './sensitivity';

/** What a search is taken for as long as it has not shown better. */
interface Usual {
  /** Share of a knob's candidates that are scored: most knobs are done before their last bits. */
  readonly ofCandidates: number;
  /** Knobs' worth of measuring that this counts as. */
  readonly knobs: number;
  /** Chance that there are rounds at all. */
  readonly hasRounds: number;
  /** Chance that a round finds a net that is worth it. */
  readonly roundIsWorthwhile: number;
  /** Passes over all scoring data. */
  readonly scores: Readonly<Record<BestPhase, number>>;
  /** Passes over calibration data that do not go by knobs. */
  readonly samples: Readonly<Record<BestPhase, number>>;
}

const usualOf: Readonly<Record<Thoroughness, Usual>> = {
  everything: {
    ofCandidates: 0.75,
    knobs: 2,
    hasRounds: 1,
    roundIsWorthwhile: 0.35,
    scores: { widest: 1, layers: 0, together: 3, comparison: 4, narrowing: 2.5, between: 2 },
    samples: { widest: 0, layers: 0, together: 6, comparison: 0, narrowing: 7, between: 0 },
  },
  gains: {
    ofCandidates: 0.6,
    knobs: 2,
    hasRounds: 0.15,
    roundIsWorthwhile: 0.35,
    scores: { widest: 1, layers: 0, together: 7, comparison: 1.5, narrowing: 2, between: 1.5 },
    samples: { widest: 0, layers: 0, together: 0, comparison: 0, narrowing: 4, between: 0 },
  },
};

const order: readonly BestPhase[] = [
  'widest',
  'layers',
  'together',
  'comparison',
  'narrowing',
  'between',
];

/** A knob as far as it matters to a forecast: most candidates of each step that deals with it. */
export interface KnobSize {
  readonly alone: number;
  /** Once more around the solution. */
  readonly refined: number;
  readonly tuned: number;
  readonly around: number;
  /** What a pass from its layer on costs, as a share of the whole net's. */
  readonly share: number;
}

/** The sizes of knobs. */
export function knobSizes(knobs: readonly Knob[], effort: Effort): readonly KnobSize[] {
  const layers = [...new Set(knobs.map(({ layer }) => layer))];
  const operations = layers.map((layer) => layer.operations);
  return knobs.map(({ layer, choices }) =>
    knobSize(choices.map(sizeOf), operations, layers.indexOf(layer), effort),
  );
}

/**
 * The same before there are knobs, by what is usual.
 *
 * @param perLayer knobs of a layer
 */
export function plannedKnobSizes(
  layers: number,
  perLayer: number,
  widths: readonly number[],
  effort: Effort,
): readonly KnobSize[] {
  const alike = Array<number>(layers).fill(1);
  const choices = plannedChoices(widths);
  return Array.from({ length: layers * perLayer }, (_, i) =>
    knobSize(choices, alike, Math.floor(i / perLayer), effort),
  );
}

/** The widths of a knob before there is one. */
export function plannedChoices(widths: readonly number[]): readonly ChoiceSize[] {
  return [...widths].sort((a, b) => b - a).map((bits) => ({ bits, contenders: 3 }));
}

export function sizeOf({ bits, contenders }: Choice): ChoiceSize {
  return { bits, contenders: contenders.length };
}

function knobSize(
  choices: readonly ChoiceSize[],
  operations: readonly number[],
  layer: number,
  { thoroughness, retuning, around }: Effort,
): KnobSize {
  const isWhole = thoroughness === 'everything';
  const gain = choices.length > 1 ? mostGainCandidates : 0;
  return {
    alone: isWhole ? sensitivityCandidates(choices) : gain,
    refined: isWhole || choices.length <= 1 ? 0 : mostRefinedCandidates * usualDearShare,
    tuned: retuneCandidates(choices, retuning),
    around: neighbourCandidates(choices, around.reach) * (isWhole ? 1 : usualDearShare),
    share: tailShare(operations, layer),
  };
}

/** Share of the knobs that make up most of the costs. */
const usualDearShare = 0.4;

/** A knob's turn in a phase. */
interface Step {
  readonly most: number;
  readonly share: number;
}

/** Which share of the candidates there are was scored, with what is usual until more is known. */
class ScoredShare {
  private scored: number;

  constructor(
    private most: number,
    private readonly usual: number,
  ) {
    this.scored = most * usual;
  }

  add(most: number, scored: number): void {
    this.most += most;
    this.scored += scored;
  }

  get value(): number {
    return this.most === 0 ? this.usual : this.scored / this.most;
  }
}

/**
 * Expects how much of a best search is still to come by how it has gone. An upper bound would be several
 * times that: most knobs need few of their widths, most searches few of their rounds.
 */
export class BestForecast {
  private phase: BestPhase = 'widest';
  private round = 0;
  private vainRounds = 0;
  /** What was asked for in this phase: turns that are over, scores, samples, those of the present turn. */
  private turns = 0;
  private scores = 0;
  private samples = 0;
  private turnSamples = 0;
  /** Scores of the rounds that are over. */
  private roundScores = 0;
  private readonly shares: Readonly<Record<'alone' | 'round', ScoredShare>>;
  private readonly usual: Usual;

  /** @param isGiven whether no knob can be turned: the net is scored as it is */
  constructor(
    private readonly knobs: readonly KnobSize[],
    private readonly effort: Effort,
    private readonly isGiven = false,
  ) {
    const usual = usualOf[effort.thoroughness];
    this.usual = usual;
    const some = (most: (knob: KnobSize) => number): ScoredShare =>
      new ScoredShare(
        (usual.knobs * sum(knobs.map(most))) / Math.max(1, knobs.length),
        usual.ofCandidates,
      );
    this.shares = {
      alone: some(({ alone }) => alone),
      round: some(({ tuned, around }) => tuned + around),
    };
  }

  begin(phase: BestPhase): void {
    if (this.phase === 'narrowing') this.roundScores += this.scores;
    if (phase === 'narrowing') this.round++;
    this.phase = phase;
    this.turns = this.scores = this.samples = this.turnSamples = 0;
  }

  /** A candidate is asked for on calibration data. */
  sample(): void {
    this.samples++;
    this.turnSamples++;
  }

  /** A candidate is asked for on all scoring data. */
  score(): void {
    this.scores++;
  }

  /** All that this phase wants of a knob is known; its next turn is the next knob's. */
  knobDone(): void {
    const step = this.steps(this.phase)[this.turns];
    if (step !== undefined) this.shareOf(this.phase).add(step.most, this.turnSamples);
    this.turnSamples = 0;
    this.turns++;
  }

  /** @param vain rounds in a row by now that found nothing worth it */
  roundEnded(vain: number): void {
    this.vainRounds = vain;
  }

  /** What the pass that is asked for now costs, as a share of a pass of the whole net. */
  get present(): number {
    return this.steps(this.phase)[this.turns]?.share ?? 1;
  }

  /** What is still to come after what was asked for. */
  left(): ExpectedWork {
    const { phase, round, usual } = this;
    const work = { ...this.leftNow() };
    const add = (times: number, of: BestPhase): void => {
      work.score += times * this.usualScores(of);
      work.sample += times * (usual.samples[of] + this.stepsWork(of, this.steps(of), 0));
    };
    if (phase === 'narrowing') {
      const p = usual.roundIsWorthwhile;
      const rounds = (vain: number): number => this.roundsAfter(round, vain);
      add(p * rounds(0) + (1 - p) * rounds(this.vainRounds + 1), phase);
    }
    if (this.isGiven) return work;
    for (const next of order.slice(order.indexOf(phase) + 1)) {
      const rounds = usual.hasRounds * this.roundsAfter(round, this.vainRounds);
      add(next === 'narrowing' ? rounds : 1, next);
    }
    return work;
  }

  private leftNow(): { score: number; sample: number } {
    const { phase, turns, usual } = this;
    const steps = this.steps(phase);
    // Where formats are chosen anew the net is scored once more.
    const scores = phase === 'widest' && steps.length > 0 ? 2 : this.usualScores(phase);
    const others = steps.length > 0 && turns < steps.length ? usual.samples[phase] : 0;
    const alone = steps.length === 0 ? usual.samples[phase] - this.samples : others;
    return {
      score: Math.max(0, scores - this.scores),
      sample: Math.max(0, alone) + this.stepsWork(phase, steps.slice(turns), this.turnSamples),
    };
  }

  /** The turns of a phase that goes by knobs. */
  private steps(phase: BestPhase): readonly Step[] {
    const of = (most: (knob: KnobSize) => number): Step[] =>
      this.knobs.map((knob) => ({ most: most(knob), share: knob.share }));
    const tuned = (): Step[] => of((knob) => knob.tuned);
    switch (phase) {
      case 'layers':
        return [...of((knob) => knob.alone), ...of((knob) => knob.refined)];
      case 'narrowing':
        return [...tuned(), ...of((knob) => knob.around)];
      case 'widest':
        // Only where the formats of the least error will not do.
        return this.isGiven || this.samples > 0 ? tuned() : [];
      case 'together':
      case 'comparison':
      case 'between':
        return [];
    }
  }

  private stepsWork(phase: BestPhase, steps: readonly Step[], done: number): number {
    const share = this.shareOf(phase).value;
    return sum(
      steps.map((step, i) => Math.max(0, step.most * share - (i === 0 ? done : 0)) * step.share),
    );
  }

  private shareOf(phase: BestPhase): ScoredShare {
    return phase === 'layers' ? this.shares.alone : this.shares.round;
  }

  /** Of a round what the rounds before took counts as well. */
  private usualScores(phase: BestPhase): number {
    const { usual } = this;
    if (phase !== 'narrowing') return usual.scores[phase];
    const over = this.phase === 'narrowing' ? this.round - 1 : this.round;
    return (usual.scores.narrowing + this.roundScores) / (1 + over);
  }

  /** Rounds expected after so many, of which the last ones found nothing. */
  private roundsAfter(rounds: number, vain: number): number {
    if (rounds >= this.effort.rounds || vain >= this.effort.vainRounds) return 0;
    const p = this.usual.roundIsWorthwhile;
    const next = (found: number): number => this.roundsAfter(rounds + 1, found);
    return 1 + p * next(0) + (1 - p) * next(vain + 1);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
