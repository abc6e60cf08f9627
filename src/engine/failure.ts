import { reasonOf } from '../prototxt/reason';
import { UserError } from '../prototxt/userError';
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

/** Packs an error for the other process. */
export function packFailure(cause: unknown): Failure {
  if (cause instanceof UserError) {
    return { kind: 'user', code: cause.code, detail: cause.detail, ...cause.place };
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
