import { existsSync } from 'node:fs';
import { readInputFile, type FileKind } from '../../base/inputFile';
import { fromJson, toJson } from '../../base/oddNumbers';
import { reasonOf } from '../../base/reason';
import { UserError } from '../../base/userError';
import { about, ifOffered, inFlags, option, words, type Words } from '../../base/words';
import { writeOutput } from '../files/outputFile';
import type { RunOptions } from './quantizeOptions';
import type { QuantizeSetup } from './quantizeSetup';
import { difference, identify, type RunIdentity } from './runIdentity';
import { ScoreJournal, type JournalEntry } from '../scoring/scoreJournal';

/** A report file while its run is under way: everything scored so far. */
interface UnfinishedReport {
  readonly unfinished: true;
  /** All that the scores depend on; an early version kept a digest. */
  readonly run: RunIdentity | string;
  readonly scored: Readonly<Record<string, JournalEntry>>;
}

/** Seconds of work that a killed run may lose. */
const writeEverySeconds = 2;

/** The scores of a run, kept in its report file until the report itself takes its place. */
export class JournalFile {
  readonly journal: ScoreJournal;
  private lastWritten = performance.now();
  private writing: Promise<void> = Promise.resolve();
  private hasFailed = false;

  private constructor(
    private readonly file: string | undefined,
    private readonly run: RunIdentity | undefined,
    known: Readonly<Record<string, JournalEntry>>,
    private readonly note: (text: Words) => void,
  ) {
    this.journal = new ScoreJournal(known, () => this.written());
  }

  /**
   * @param note told what was found, and once if the file cannot be written
   * @throws UserError where a run is to be resumed and the file is not that run's
   */
  static async open(
    options: RunOptions,
    { provider, filesRead }: Pick<QuantizeSetup, 'provider' | 'filesRead'>,
    note: (text: Words) => void,
  ): Promise<JournalFile> {
    const { reportFile, resume } = options;
    if (reportFile === undefined) return new JournalFile(undefined, undefined, {}, note);
    const run = await identify({ ...options, provider }, filesRead);
    const known = resume === true ? readScores(reportFile, run) : {};
    const count = Object.keys(known).length;
    if (resume === true) note(`going on after ${count} scores of the run that was cut off`);
    return new JournalFile(reportFile, run, known, note);
  }

  /** Writes what is not written yet: a run that ends early can be resumed from there. */
  async flush(): Promise<void> {
    if (this.file === undefined || Object.keys(this.journal.toJSON()).length === 0) return;
    this.write(this.file);
    await this.writing;
    if (this.hasFailed) return;
    const kept = ifOffered(
      'flags',
      words` in ${this.file}: ${option('resume')} goes on from there`,
      ': Try Again goes on from there',
    );
    this.note(words`the scores so far are kept${kept}`);
  }

  /** Waits for a write that is under way: it must not come after the report that takes its place. */
  settled(): Promise<void> {
    return this.writing;
  }

  private written(): void {
    const { file } = this;
    if (file === undefined || performance.now() - this.lastWritten < 1000 * writeEverySeconds) {
      return;
    }
    this.write(file);
  }

  private write(file: string): void {
    this.lastWritten = performance.now();
    if (this.run === undefined) return;
    const report: UnfinishedReport = {
      unfinished: true,
      run: this.run,
      scored: this.journal.toJSON(),
    };
    const text = `${toJson(report)}\n`;
    this.writing = this.writing.then(async () => {
      try {
        await writeOutput(file, text);
      } catch (cause) {
        if (!this.hasFailed) this.note(`this run cannot be resumed: ${reasonOf(cause)}`);
        this.hasFailed = true;
      }
    });
  }
}

const reportKind: FileKind = {
  code: 'quantize',
  name: 'report to go on from',
  give: 'the report file of a run that was cut off',
};

/** What to do about scores that cannot be gone on from. */
const anew = inFlags(words`; leave ${option('resume')} out to start anew`);

/** Whether a file's content is the report of a run that did not end. */
export function isUnfinishedReport(value: unknown): value is UnfinishedReport {
  return (
    typeof value === 'object' &&
    value !== null &&
    'unfinished' in value &&
    value.unfinished === true &&
    'run' in value &&
    'scored' in value
  );
}

function readScores(file: string, run: RunIdentity): Readonly<Record<string, JournalEntry>> {
  if (!existsSync(file)) return {};
  const report = readJson(file);
  if (!isUnfinishedReport(report)) {
    throw new UserError(
      'quantize/resume',
      words`${about('resume')}this is no report of a run that was cut off${anew}`,
      { file },
    );
  }
  const reason =
    typeof report.run === 'string' ? 'an earlier version made them' : difference(report.run, run);
  if (reason !== undefined) {
    const advice = inFlags(
      words`; give the same as then, or leave ${option('resume')} out to start anew`,
    );
    throw new UserError(
      'quantize/resume',
      words`${about('resume')}the scores of the run that was cut off are not used, since ${reason}${advice}`,
      { file },
    );
  }
  // Early versions wrote numbers that are none as null.
  const number = (value: number | null): number => value ?? Number.NaN;
  return Object.fromEntries(
    Object.entries(report.scored).map(([key, entry]) => [
      key,
      {
        ...entry,
        score: number(entry.score),
        batches: entry.batches.map(number),
        ...(entry.distortion === undefined ? {} : { distortion: number(entry.distortion) }),
      },
    ]),
  );
}

function readJson(file: string): unknown {
  const text = readInputFile(file, reportKind).toString('utf8');
  try {
    return fromJson(text);
  } catch (cause) {
    throw new UserError(
      'quantize/resume',
      words`${about('resume')}this is no report, or one that is cut short${anew}`,
      { file },
      { cause },
    );
  }
}
