import type { Words } from '../../src/base/words';
import { inFlags } from '../../src/cli/flagWords';

/** A text as the command line says it. */
export function said(text: Words | undefined): string {
  return text === undefined ? '' : inFlags(text);
}
