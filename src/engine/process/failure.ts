import { reasonOf, systemReason } from '../../base/reason';
import { UserError } from '../../base/userError';
import type { Failure } from './protocol';

/** A fault of the engine itself; the message is that of the process it happened in. */
export class EngineFault extends Error {
  override readonly name = 'EngineFault';

  constructor(
    message: string,
    /** What the engine was at: `FC weights 4 bit, batch 3 of 20`. */
    readonly step?: string,
  ) {
    super(message);
  }
}

/**
 * What a user can act on: an error made for that, or what the system says of a file that went away or
 * that a job could not read or write; undefined for faults of ours.
 */
export function asUserError(cause: unknown): UserError | undefined {
  if (cause instanceof UserError) return cause;
  if (!(cause instanceof Error && 'syscall' in cause && 'path' in cause)) return undefined;
  const { path: file } = cause;
  if (typeof file !== 'string' || file === '') return undefined;
  const detail = `this file cannot be used (${systemReason(cause)})`;
  return new UserError('system/file', detail, { file }, { cause });
}

/** Packs an error for the other process. */
export function packFailure(cause: unknown): Failure {
  const known = asUserError(cause);
  if (known !== undefined) {
    return { kind: 'user', code: known.code, detail: known.detail, ...known.place };
  }
  const stack = cause instanceof Error ? cause.stack : undefined;
  return { kind: 'fault', message: reasonOf(cause), stack };
}

/** The error that {@link packFailure} packed, and the step it came up at. */
export function unpackFailure(failure: Failure, step: string): Error {
  if (failure.kind === 'user') {
    const { code, detail, file, line, column } = failure;
    return new UserError(code, detail, { file, line, column });
  }
  const error = new EngineFault(failure.message, step);
  if (failure.stack !== undefined) error.stack = failure.stack;
  return error;
}
