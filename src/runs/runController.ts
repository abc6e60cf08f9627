import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Listeners } from '../engine/files/events';
import { runJob } from '../engine/process/client';
import { EngineFault } from '../engine/process/failure';
import type { Progress } from '../engine/files/progress';
import { readInputFile } from '../base/inputFile';
import { shown } from '../base/shown';
import { UserError } from '../base/userError';
import { netFileKind } from '../caffe/netFile';
import type { QuantizeReport, VisitedPoint } from '../quantize/report';
import { stampFile } from './fileStamp';
import { lastResult } from './lastResult';
import { isSameNet, type NetKey, type RunFailure } from './runRecord';
import type { RunRecord, RunRequest } from './runRecord';
import type { RunStore } from './runStore';
import { inSettings } from './view/settingWords';

interface RunEvents {
  /** Anything but progress changed. */
  change: [RunRecord];
  progress: [RunRecord, Progress];
  /** The engine's process is there. */
  process: [RunRecord, number];
  /** A run is kept no more. */
  removed: [RunRecord];
}

interface ActiveRun {
  readonly record: RunRecord;
  readonly cancellation: AbortController;
  /** Its folder is made and holds the prototxt. */
  readonly stored: Promise<void>;
  readonly ended: Promise<RunRecord>;
  /** Resolves `ended`. */
  end(record: RunRecord): void;
}

/** How the note ends that says why scores are not gone on from. */
const anew = ': all is scored anew';

/** Runs one request after the other, each in a process of its own, and records what they find. */
export class RunController {
  readonly events = new EventEmitter<RunEvents>();
  /** The first one works, the others wait. */
  private readonly active: ActiveRun[] = [];

  /** @param engine path of the engine's bundle */
  constructor(
    private readonly store: RunStore,
    private readonly engine: string,
  ) {}

  /** The run that is going on; those after it wait. */
  get current(): RunRecord | undefined {
    return this.active[0]?.record;
  }

  /** How many runs wait for the current one. */
  get waiting(): number {
    return Math.max(0, this.active.length - 1);
  }

  /** A run by its id, from memory while it works. */
  find(id: string): RunRecord | undefined {
    return this.active.find(({ record }) => record.id === id)?.record ?? this.store.load(id);
  }

  /** All runs, the latest first, those under way as they are now. */
  all(): RunRecord[] {
    return this.store.all().map((run) => this.find(run.id) ?? run);
  }

  /** All runs of a net, the latest first. */
  runsOf(net: NetKey): RunRecord[] {
    return this.all().filter(({ request }) => isSameNet(request, net));
  }

  /** The run of a net that is going on, else the first that waits. */
  workingOn(net: NetKey): RunRecord | undefined {
    return this.active.find(({ record }) => isSameNet(record.request, net))?.record;
  }

  /** The latest run of a net, whether or not it has ended. */
  latest(net: NetKey): RunRecord | undefined {
    const active = this.active.findLast(({ record }) => isSameNet(record.request, net));
    return active?.record ?? this.store.runsOf(net)[0];
  }

  /** The last result of a net: see {@link lastResult}. */
  latestResult(net: NetKey): RunRecord | undefined {
    return lastResult(this.store.runsOf(net));
  }

  /**
   * Starts a run, or queues it behind those under way. `ended` resolves with the final record and
   * never rejects: what goes wrong is in the record.
   *
   * @throws UserError when the prototxt cannot be read
   */
  start(request: RunRequest): { readonly record: RunRecord; readonly ended: Promise<RunRecord> } {
    const original = readInputFile(request.model, netFileKind);
    const record: RunRecord = {
      id: randomUUID(),
      request,
      startedAt: Date.now(),
      hostPid: process.pid,
      status: this.active.length === 0 ? 'starting' : 'queued',
      rows: [],
      notes: [],
    };
    const cancellation = new AbortController();
    const stored = this.store.create(record, original);
    // Whoever waits for it gets the error; a run that is cancelled while it waits has nobody.
    stored.catch(() => undefined);
    let end: (record: RunRecord) => void = () => undefined;
    const ended = new Promise<RunRecord>((resolve) => (end = resolve));
    const run: ActiveRun = { record, cancellation, stored, ended, end };
    this.active.push(run);
    this.changed(record);
    if (this.active[0] === run) void this.work(run);
    return { record, ended };
  }

  /** Cancels a run; the promise resolves when it has ended, at once where it only waits. */
  async cancel(id: string): Promise<void> {
    const run = this.active.find(({ record }) => record.id === id);
    if (run === undefined) return;
    run.cancellation.abort();
    if (run !== this.active[0]) {
      this.fail(run.record, undefined, run.cancellation.signal);
      this.finish(run, undefined);
    }
    await run.ended;
  }

  /** Forgets a run and its files; one that is under way is cancelled first. */
  async remove(id: string): Promise<void> {
    await this.cancel(id);
    const record = this.store.load(id);
    if (record === undefined) return;
    await this.store.remove(id);
    this.events.emit('removed', record);
  }

  /** Ends everything, for when the window goes away. */
  dispose(): void {
    for (const { record, cancellation } of this.active) {
      record.status = 'interrupted';
      cancellation.abort();
    }
  }

  private async work(run: ActiveRun): Promise<void> {
    const { record, cancellation, stored } = run;
    const began = Date.now();
    try {
      await stored;
      await this.execute(record, cancellation.signal);
    } catch (cause) {
      this.fail(record, cause, cancellation.signal);
    }
    this.finish(run, (Date.now() - began) / 1000);
  }

  private async execute(record: RunRecord, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { request } = record;
    const model = stampFile(request.model);
    const weights = stampFile(request.weights);
    if (model !== undefined && weights !== undefined) record.stamps = { model, weights };
    record.status = 'starting';
    this.changed(record);
    const report = await this.quantize(record, signal);
    const notes = report.notes.map((note) => shown(inSettings(note)));
    record.report = { ...report, notes, output: request.output };
    record.points = report.best?.points ?? [];
    const own = record.notes.filter((note) => note.endsWith(anew));
    record.notes = [...own, ...notes];
    record.status = 'done';
    this.store.forgetScores(record.id);
  }

  /** Goes on from the scores of an earlier run where these still hold, and starts anew where not. */
  private async quantize(record: RunRecord, signal: AbortSignal): Promise<QuantizeReport> {
    const { resumes } = record.request;
    if (resumes === undefined || !this.store.hasScores(resumes)) {
      return this.runEngine(record, signal, false);
    }
    this.store.copyScores(resumes, record.id);
    try {
      return await this.runEngine(record, signal, true);
    } catch (cause) {
      if (!(cause instanceof UserError) || cause.code !== 'quantize/resume') throw cause;
      this.store.forgetScores(record.id);
      record.notes = [...record.notes, shown(`${inSettings(cause.detail)}${anew}`)];
      return this.runEngine(record, signal, false);
    }
  }

  /** The engine writes into the store: the user's folder gets a file when the user says so. */
  private runEngine(
    record: RunRecord,
    signal: AbortSignal,
    resume: boolean,
  ): Promise<QuantizeReport> {
    const { id, request } = record;
    return runJob(
      'quantize',
      {
        ...request,
        modelQuantized: this.store.quantizedPath(id),
        reportFile: this.store.scoresPath(id),
        resume,
        force: true,
      },
      this.listeners(record),
      {
        engine: this.engine,
        signal,
        onStarted: (pid) => this.events.emit('process', record, pid),
      },
    );
  }

  private listeners(record: RunRecord): Listeners {
    const update = (change: Partial<RunRecord>): void => {
      Object.assign(record, change);
      this.changed(record);
    };
    return {
      progress: (progress) => this.events.emit('progress', record, progress),
      plan: (plan) => update({ plan, status: 'running' }),
      baseline: (baseline) => update({ baseline }),
      layers: (layers) => update({ layers }),
      row: (row) => update({ rows: [...record.rows, row] }),
      point: (point) => update({ points: withPoint(record.points ?? [], point) }),
      note: (note) => update({ notes: [...record.notes, shown(inSettings(note))] }),
    };
  }

  private fail(record: RunRecord, cause: unknown, signal: AbortSignal): void {
    if (signal.aborted) {
      if (record.status !== 'interrupted') record.status = 'cancelled';
      return;
    }
    record.status = 'failed';
    record.failure = describeFailure(cause);
  }

  /** @param seconds it worked; undefined for one that never began */
  private finish(run: ActiveRun, seconds: number | undefined): void {
    const { record } = run;
    const at = this.active.indexOf(run);
    if (seconds !== undefined) record.seconds = seconds;
    this.active.splice(at, 1);
    this.changed(record);
    run.end(record);
    const next = this.active[0];
    if (at === 0 && next !== undefined) void this.work(next);
  }

  private changed(record: RunRecord): void {
    this.store.save(record).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const note = `this run cannot be kept for later: ${reason}`;
      if (!record.notes.includes(note)) record.notes = [...record.notes, note];
    });
    this.events.emit('change', record);
  }
}

/** A failure as it is stored and shown. */
export function describeFailure(cause: unknown): RunFailure {
  if (cause instanceof UserError) {
    const { file, line } = cause.place;
    return { code: cause.code, message: shown(inSettings(cause.said)), file, line };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { message, step: cause instanceof EngineFault ? cause.step : undefined };
}

/** A net that is scored once more, whole this time, takes its place again. */
function withPoint(points: readonly VisitedPoint[], point: VisitedPoint): readonly VisitedPoint[] {
  return [...points.filter(({ index }) => index !== point.index), point].sort(
    (a, b) => a.index - b.index,
  );
}
