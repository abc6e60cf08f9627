import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { runJob, type JobEvents } from '../engine/client';
import { EngineFault } from '../engine/failure';
import type { Progress } from '../engine/progress';
import { shown } from '../prototxt/shown';
import { UserError } from '../prototxt/userError';
import type { VisitedPoint } from '../quantize/report';
import { stampFile } from './fileStamp';
import { isSameNet, type NetKey, type RunFailure } from './runRecord';
import type { RunRecord, RunRequest } from './runRecord';
import type { RunStore } from './runStore';

interface RunEvents {
  /** Anything but progress changed. */
  change: [RunRecord];
  progress: [RunRecord, Progress];
  /** The engine's process is there. */
  process: [RunRecord, number];
}

interface ActiveRun {
  readonly record: RunRecord;
  readonly cancellation: AbortController;
  readonly ended: Promise<RunRecord>;
}

/** Runs one request after the other, each in a process of its own, and records what they find. */
export class RunController {
  readonly events = new EventEmitter<RunEvents>();
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

  /** The latest run of a net, whether or not it has ended. */
  latest(net: NetKey): RunRecord | undefined {
    const active = this.active.findLast(({ record }) => isSameNet(record.request, net));
    return active?.record ?? this.store.runsOf(net)[0];
  }

  /** The latest run of a net that has a result. */
  latestResult(net: NetKey): RunRecord | undefined {
    return this.store.runsOf(net).find(({ report }) => report !== undefined);
  }

  /**
   * Starts a run, or queues it behind those under way. `ended` resolves with the final record and
   * never rejects: what goes wrong is in the record.
   *
   * @throws Error of the file system when the prototxt cannot be read
   */
  start(request: RunRequest): { readonly record: RunRecord; readonly ended: Promise<RunRecord> } {
    const record: RunRecord = {
      id: randomUUID(),
      request,
      startedAt: Date.now(),
      hostPid: process.pid,
      status: 'queued',
      rows: [],
      notes: [],
    };
    const original = readFileSync(request.model);
    const cancellation = new AbortController();
    const before = this.active.at(-1)?.ended ?? Promise.resolve();
    const stored = this.store.create(record, original);
    const ended = before
      .then(() => stored)
      .then(() => this.execute(record, cancellation.signal))
      .catch((cause: unknown) => this.fail(record, cause, cancellation.signal))
      .then(() => this.finish(record));
    this.active.push({ record, cancellation, ended });
    this.changed(record);
    return { record, ended };
  }

  /** Cancels a run, waiting or going on; the promise resolves when it has ended. */
  async cancel(id: string): Promise<void> {
    const run = this.active.find(({ record }) => record.id === id);
    if (run === undefined) return;
    run.cancellation.abort();
    await run.ended;
  }

  /** Ends everything, for when the window goes away. */
  dispose(): void {
    for (const { record, cancellation } of this.active) {
      record.status = 'interrupted';
      cancellation.abort();
    }
  }

  private async execute(record: RunRecord, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { request } = record;
    const model = stampFile(request.model);
    const weights = stampFile(request.weights);
    if (model !== undefined && weights !== undefined) record.stamps = { model, weights };
    record.status = 'starting';
    this.changed(record);
    const report = await runJob(
      'quantize',
      { ...request, provider: request.execution, ...this.output(record), force: true },
      this.jobEvents(record),
      { engine: this.engine, signal },
    );
    record.report = { ...report, output: request.output };
    record.points = report.best?.points ?? [];
    record.notes = report.notes.map((note) => shown(note));
    record.status = 'done';
  }

  /** The engine writes into the store: the user's folder gets a file when the user says so. */
  private output({ id }: RunRecord): { readonly modelQuantized: string } {
    return { modelQuantized: this.store.quantizedPath(id) };
  }

  private jobEvents(record: RunRecord): JobEvents {
    const update = (change: Partial<RunRecord>): void => {
      Object.assign(record, change);
      this.changed(record);
    };
    return {
      onStarted: (pid) => this.events.emit('process', record, pid),
      onProgress: (progress) => this.events.emit('progress', record, progress),
      onPlan: (plan) => update({ plan, status: 'running' }),
      onBaseline: (baseline) => update({ baseline }),
      onLayers: (layers) => update({ layers }),
      onRow: (row) => update({ rows: [...record.rows, row] }),
      onPoint: (point) => update({ points: withPoint(record.points ?? [], point) }),
      onNote: (note) => update({ notes: [...record.notes, shown(note)] }),
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

  private finish(record: RunRecord): RunRecord {
    record.seconds = (Date.now() - record.startedAt) / 1000;
    const at = this.active.findIndex((run) => run.record === record);
    this.active.splice(at, 1);
    this.changed(record);
    return record;
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
    return { code: cause.code, message: shown(cause.message), file, line };
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
