/** A record of a database, as errors name it. */
export interface RecordPlace {
  /** The database's data file. */
  readonly file: string;
  /** Counts from 0 in key order. */
  readonly index: number;
  readonly key: Uint8Array;
  /** Of an image in a list: the line that names it. */
  readonly line?: number;
}

const MAX_SHOWN_BYTES = 80;

/**
 * `record 17 (key 00000017)`, or the key in hexadecimal where it is no plain text; of an image in a
 * list `the image in line 3 (cat.jpg)`.
 */
export function describeRecord({
  index,
  key,
  line,
}: Pick<RecordPlace, 'index' | 'key' | 'line'>): string {
  if (line !== undefined) return `the image in line ${line} (${Buffer.from(key).toString()})`;
  return `record ${index} (key ${describeKey(key)})`;
}

function describeKey(key: Uint8Array): string {
  const isPlain = key.length > 0 && key.every((byte) => byte > 0x20 && byte < 0x7f);
  const shown = Buffer.from(key.subarray(0, MAX_SHOWN_BYTES));
  const more = key.length > MAX_SHOWN_BYTES ? '...' : '';
  return (isPlain ? shown.toString('latin1') : `0x${shown.toString('hex')}`) + more;
}
