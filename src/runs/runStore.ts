import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fromJson, toJson } from '../base/oddNumbers';
import { writeOutput } from '../engine/files/outputFile';
import { currentReport } from '../quantize/reportJson';
import { runsToForget } from './keptRuns';
import {
  isSameNet,
  isUnfinished,
  withPresentNames,
  type NetKey,
  type RunRecord,
} from './runRecord';

/** Layout of a stored record; files of another version are not read. */
const formatVersion = 1;

/** Keeps runs on disk, a folder each, so that results outlive the window. */
export class RunStore {
  /** The latest write of each run: writes of one file must not overtake each other. */
  private readonly writing = new Map<string, Promise<void>>();

  /** What is on its way to the disk: a reader must not see an older state. */
  private readonly unwritten = new Map<
    string,
    { readonly text: string; readonly run: RunRecord }
  >();
  /** Runs that are gone for the user, whatever of them is still on its way to or from the disk. */
  private readonly removed = new Set<string>();
  /** Runs that this process has under way. */
  private readonly underWay = new Set<string>();
  /** What was read already: lists of runs are asked for often, and a best search's record is large. */
  private readonly known = new Map<string, { readonly stamp: string; readonly run: RunRecord }>();

  /**
   * @param folder where the runs lie; made when needed
   * @param isShared whether other windows may use the folder at the same time
   */
  constructor(
    private readonly folder: string,
    private readonly isShared: boolean,
  ) {}

  /** Where the engine writes the quantized prototxt of a run. */
  quantizedPath(id: string): string {
    return path.join(this.folder, id, 'quantized.prototxt');
  }

  /** Another net that the run's search scored, once somebody asks for its file. */
  pointPath(id: string, index: number): string {
    return path.join(this.folder, id, `point-${index}.prototxt`);
  }

  /** Where the engine keeps a run's scores until it has ended. */
  scoresPath(id: string): string {
    return path.join(this.folder, id, 'scores.json');
  }

  /** Whether scores were kept of a run that did not end: another can go on from there. */
  hasScores(id: string): boolean {
    return existsSync(this.scoresPath(id));
  }

  /** Gives a run the scores that were kept of another one. */
  copyScores(from: string, to: string): void {
    copyFileSync(this.scoresPath(from), this.scoresPath(to));
  }

  /** A run that has ended needs its scores no more. */
  forgetScores(id: string): void {
    rmSync(this.scoresPath(id), { force: true });
  }

  /** The prototxt as it was when the run began. */
  originalPath(id: string): string {
    return path.join(this.folder, id, 'original.prototxt');
  }

  /** Makes the folder of a new run, and removes old runs of its net. */
  create(record: RunRecord, original: Buffer): Promise<void> {
    mkdirSync(path.join(this.folder, record.id), { recursive: true });
    void this.save(record);
    const old = runsToForget(this.runsOf(record.request)).map(({ id }) => this.remove(id));
    const written = writeOutput(this.originalPath(record.id), original);
    return Promise.all([written, ...old]).then(() => undefined);
  }

  /** Writes a record whole; of several calls in a row the last state is what stays. */
  save(record: RunRecord): Promise<void> {
    const file = this.recordPath(record.id);
    if (isUnfinished(record)) this.underWay.add(record.id);
    else this.underWay.delete(record.id);
    const text = toJson({ formatVersion, record });
    this.unwritten.set(record.id, { text, run: { ...record } });
    const before = this.writing.get(record.id) ?? Promise.resolve();
    const write = before.then(() => {
      if (this.removed.has(record.id) || !existsSync(path.dirname(file))) return undefined;
      return writeOutput(file, text);
    });
    this.writing.set(
      record.id,
      write
        .catch(() => undefined)
        .finally(() => {
          if (this.unwritten.get(record.id)?.text === text) this.unwritten.delete(record.id);
        }),
    );
    return write;
  }

  /** A stored run, not to be changed; undefined where there is none (any more). */
  load(id: string): RunRecord | undefined {
    // Ids come back from a page's saved state: they must not lead out of the folder.
    if (path.basename(id) !== id || this.removed.has(id)) return undefined;
    const run = this.unwritten.get(id)?.run ?? this.read(id);
    if (run === undefined || !isUnfinished(run) || this.isUnderWay(run)) return run;
    return { ...run, status: 'interrupted' };
  }

  /** All runs of a net, the latest first. */
  runsOf(net: NetKey): RunRecord[] {
    return this.all().filter(({ request }) => isSameNet(request, net));
  }

  /** All runs, the latest first. */
  all(): RunRecord[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder)
      .flatMap((id) => this.load(id) ?? [])
      .sort((a, b) => b.startedAt - a.startedAt);
  }

  /** Forgets a run that is not under way, with all its files. */
  async remove(id: string): Promise<void> {
    this.removed.add(id);
    this.known.delete(id);
    this.unwritten.delete(id);
    // A write that is under way would put its file into a folder that is being emptied.
    await this.writing.get(id);
    await rm(path.join(this.folder, id), { recursive: true, force: true });
    this.writing.delete(id);
  }

  private read(id: string): RunRecord | undefined {
    const file = this.recordPath(id);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    // A file is replaced, never changed: its inode differs even within one tick of the clock.
    const stamp = `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
    const known = this.known.get(id);
    if (known?.stamp === stamp) return known.run;
    const stored = parseStored(readFileSync(file, 'utf8'));
    if (stored?.formatVersion !== formatVersion) return undefined;
    const run = currentRecord(stored.record);
    this.known.set(id, { stamp, run });
    return run;
  }

  /** A window that was reloaded leaves its runs behind, even while its process still ends. */
  private isUnderWay({ id, hostPid }: RunRecord): boolean {
    return this.underWay.has(id) || (this.isShared && isAlive(hostPid));
  }

  private recordPath(id: string): string {
    return path.join(this.folder, id, 'run.json');
  }
}

/** A record as this version would have stored it. */
function currentRecord(record: RunRecord): RunRecord {
  const { report } = record;
  const request = withPresentNames(record.request);
  return report === undefined
    ? { ...record, request }
    : { ...record, request, report: currentReport(report) };
}

interface Stored {
  readonly formatVersion: number;
  readonly record: RunRecord;
}

function parseStored(text: string): Stored | undefined {
  try {
    return fromJson(text) as Stored;
  } catch {
    // Files are written whole, so this is none of ours: it is left alone.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    // Somebody else's process is alive too.
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
