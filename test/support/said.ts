import type { UserError } from '../../src/base/userError';
import type { Words } from '../../src/base/words';
import { inFlags } from '../../src/cli/flagWords';

/** A text as the command line says it. */
export function said(text: Words | undefined): string {
  return text === undefined ? '' : inFlags(text);
}

/** An error as the command line tells it. */
export function told({ code, said: text }: UserError): { code: string; message: string } {
  return { code, message: inFlags(text) };
}
