import { createHash } from 'node:crypto';
import { candidateKey, type Candidate } from '../../formats/layerFormats';

/** What scoring a candidate gave, as plain data. */
export interface JournalEntry {
  readonly score: number;
  readonly loss: number | null;
  readonly seconds: number;
  /** Scores of the batches that do not repeat earlier ones. */
  readonly batches: readonly number[];
  readonly isBound: boolean;
  /** On calibration data: how far the net is from the float net. */
  readonly distortion?: number | undefined;
}

/** Which data a candidate was scored on. */
export type ScoredOn = 'test' | 'calibration';

/**
 * All scores of a run. A search asks for the same candidates in the same order whenever it is run, so
 * that one that was cut off goes on where it was by asking again.
 */
export class ScoreJournal {
  private readonly entries: Map<string, JournalEntry>;

  /** @param onEntry called with every new entry */
  constructor(
    known: Readonly<Record<string, JournalEntry>> = {},
    private readonly onEntry: () => void = () => undefined,
  ) {
    this.entries = new Map(Object.entries(known));
  }

  get(on: ScoredOn, candidate: Candidate | undefined): JournalEntry | undefined {
    return this.entries.get(journalKey(on, candidate));
  }

  set(on: ScoredOn, candidate: Candidate | undefined, entry: JournalEntry): void {
    this.entries.set(journalKey(on, candidate), entry);
    this.onEntry();
  }

  /** Everything known, for a file. */
  toJSON(): Readonly<Record<string, JournalEntry>> {
    return Object.fromEntries(this.entries);
  }
}

/** Candidates of large nets are long texts: a digest stands for each. */
function journalKey(on: ScoredOn, candidate: Candidate | undefined): string {
  if (candidate === undefined) return `${on}:float`;
  const digest = createHash('sha256').update(candidateKey(candidate)).digest('base64url');
  return `${on}:${digest.slice(0, 24)}`;
}
