import { joined, plain, type Words } from './words';

/** Where in a user's file an error lies; line and column count from 1. */
export interface ErrorPlace {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * A failure the user can act on: its message is one line that names the place, what is wrong and
 * what to do. Anything else that is thrown is a fault of ours and keeps its stack.
 *
 * An option that helps is mentioned by its key (see {@link Words}): `said` is what front ends put into
 * words of their own, `message` what is left for a log.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** The whole text, the place first. */
  readonly said: Words;

  constructor(
    /** Stable identifier, e.g. `caffemodel/truncated`. */
    readonly code: string,
    /** What is wrong and what to do, without the place. */
    readonly detail: Words,
    readonly place: ErrorPlace = {},
    options?: ErrorOptions,
  ) {
    const said = joined([formatPlace(place), detail]);
    super(plain(said), options);
    this.said = said;
  }
}

function formatPlace({ file, line, column }: ErrorPlace): string {
  if (file === undefined) return '';
  const position = line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`;
  return `${file}${position}: `;
}
