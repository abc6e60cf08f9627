import { UserError } from '../base/userError';
import type { Words } from '../base/words';

/** A value that an option cannot have, or options that do not go together: nothing was tried. */
export class OptionError extends UserError {
  constructor(detail: Words) {
    super('option/value', detail);
  }
}
