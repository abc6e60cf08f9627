/** Numbers that JSON has no words for; a net that diverged scores just these. */
const oddNumbers: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity']);

/**
 * A value as JSON in which a number that is none is `{ "oddNumber": "NaN" }`, where plain JSON would
 * say `null`, which other values say as well.
 *
 * @param indent blanks a level; all in one line if absent
 */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, keepOddNumber, indent);
}

/**
 * The value of a text by {@link toJson}.
 *
 * @throws SyntaxError where it is no JSON
 */
export function fromJson(text: string): unknown {
  return JSON.parse(text, restoreOddNumber);
}

function keepOddNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value)
    ? { oddNumber: String(value) }
    : value;
}

/** Objects whose keys are names of layers are left alone, whatever these are called. */
function restoreOddNumber(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('oddNumber' in value)) return value;
  return oddNumbers.has(value.oddNumber) ? Number(value.oddNumber) : value;
}
