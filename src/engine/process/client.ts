import { fork, type ChildProcess } from 'node:child_process';
import { UserError } from '../../base/userError';
import { plain, words } from '../../base/words';
import { missingLibraryNames } from '../../runtime/provider';
import { EngineFault, unpackFailure } from './failure';
import { hear, type Listeners } from '../files/events';
import type { FromEngine, JobName, Jobs, ToEngine } from './protocol';

export interface EngineOptions {
  /** Path of the engine's bundle. */
  readonly engine: string;
  readonly signal?: AbortSignal;
  /** The process is there; its id is what a log should name. */
  readonly onStarted?: (pid: number) => void;
}

/** How long a cancelled engine may take to end by itself, in milliseconds. */
const cancelPatience = 500;
/** Most characters of the engine's last words that an error repeats. */
const lastWordsLength = 2000;

/**
 * Runs a job in a process of its own.
 *
 * @throws UserError as the job throws it; EngineFault when the process ends without a result,
 * naming the step it was at and what it last wrote; the signal's reason when it is aborted
 */
export async function runJob<Name extends JobName>(
  job: Name,
  options: Jobs[Name]['options'],
  listeners: Listeners,
  { engine, signal, onStarted }: EngineOptions,
): Promise<Jobs[Name]['result']> {
  signal?.throwIfAborted();
  const child = fork(engine, [], {
    // VS Code's own executable is Electron: this makes it behave as Node.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    execArgv: [],
    // Structured cloning keeps maps and typed arrays.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  if (child.pid !== undefined) onStarted?.(child.pid);
  const cancel = (): void => cancelSoon(child);
  signal?.addEventListener('abort', cancel);
  try {
    const start = { type: 'start', job, options } as ToEngine;
    const message = await conversation(child, start, listeners);
    signal?.throwIfAborted();
    return message.result;
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

type Done = Extract<FromEngine, { type: 'done' }>;

function conversation(child: ChildProcess, start: ToEngine, listeners: Listeners): Promise<Done> {
  return new Promise((resolve, reject) => {
    let lastWords = '';
    let step = 'starting';
    let failure: Error | undefined;
    child.stderr?.on('data', (text: Buffer) => {
      lastWords = (lastWords + text.toString()).slice(-lastWordsLength);
    });
    child.on('message', (message: FromEngine) => {
      switch (message.type) {
        case 'event':
          if (message.event === 'progress') {
            const { what, batch, batches } = message.value;
            step = `${what}, batch ${batch} of ${batches}`;
          }
          hear(listeners, message);
          break;
        case 'done':
          resolve(message);
          break;
        case 'cancelled':
          reject(new EngineFault('the engine was cancelled'));
          break;
        case 'failed':
          // The reason of a failed load is on stderr only, which may be behind this message.
          failure = unpackFailure(message.failure, step);
          break;
      }
    });
    child.on('error', reject);
    // `close` comes after the last of stderr; after a result this rejection has no effect.
    child.on('close', (code, signal) => {
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      const last = lastWords.trim();
      reject(
        failure === undefined
          ? new EngineFault(
              `the engine was ended ${how} (${step})` +
                (last === '' ? '' : `; it last wrote: ${last}`),
              step,
            )
          : withMissingLibraries(failure, last),
      );
    });
    child.send(start, (error) => {
      if (error !== null) reject(error);
    });
  });
}

/** Adds to an error about CUDA the libraries that the loader did not find. */
function withMissingLibraries(failure: Error, lastWords: string): Error {
  if (!(failure instanceof UserError) || failure.code !== 'runtime/no-cuda') return failure;
  const known = plain(failure.detail);
  const unnamed = missingLibraryNames(lastWords).filter((name) => !known.includes(name));
  if (unnamed.length === 0) return failure;
  const detail = words`${failure.detail} (not found: ${unnamed.join(', ')})`;
  return new UserError(failure.code, detail, failure.place, { cause: failure });
}

/** Asks first; a native call that does not return is ended by force. */
function cancelSoon(child: ChildProcess): void {
  if (child.connected) child.send({ type: 'cancel' } satisfies ToEngine);
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  const force = setTimeout(kill, cancelPatience);
  // Nor may it outlive whoever does not wait for it.
  process.once('exit', kill);
  child.once('exit', () => {
    clearTimeout(force);
    process.off('exit', kill);
  });
}
