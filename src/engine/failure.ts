import { UserError } from '../prototxt/userError';
import type { Failure } from './protocol';

/** A fault of the engine itself; the message is that of the process it happened in. */
export class EngineFault extends Error {
  override readonly name = 'EngineFault';
}

/** Packs an error for the other process. */
export function packFailure(cause: unknown): Failure {
  if (cause instanceof UserError) {
    return { kind: 'user', code: cause.code, detail: cause.detail, ...cause.place };
  }
  return cause instanceof Error
    ? { kind: 'fault', message: cause.message, stack: cause.stack }
    : { kind: 'fault', message: String(cause), stack: undefined };
}

/** The error that {@link packFailure} packed. */
export function unpackFailure(failure: Failure): Error {
  if (failure.kind === 'user') {
    const { code, detail, file, line, column } = failure;
    return new UserError(code, detail, { file, line, column });
  }
  const error = new EngineFault(failure.message);
  if (failure.stack !== undefined) error.stack = failure.stack;
  return error;
}
