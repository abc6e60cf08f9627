import { UserError } from '../../base/userError';
import type { RecordName } from './labelCheck';

/**
 * Refuses a batch in which a number is NaN or infinite: whatever the net made of it would count as a
 * score, and ranges would be measured on it.
 *
 * @param data of one input, the records of the batch one after the other
 * @param place names the record behind a position of the batch
 * @throws UserError `data/not-finite` naming the record and which of its numbers it is
 */
export async function checkFinite(
  input: string,
  data: Float32Array,
  records: number,
  place: (position: number) => Promise<RecordName>,
): Promise<void> {
  // A loop: a callback for each number would take as long as to read them.
  let at = 0;
  while (at < data.length && Number.isFinite(data[at])) at++;
  if (at === data.length) return;
  const length = Math.max(1, Math.floor(data.length / Math.max(1, records)));
  const { file, record } = await place(Math.floor(at / length));
  const which = length === 1 ? '' : ` at number ${at % length} of ${length}`;
  throw new UserError(
    'data/not-finite',
    `${record} of input "${input}" has the value ${data[at]}${which} (counted from 0): a net makes no ` +
      'sense of that; leave this entry out, or put a number in its place',
    { file },
  );
}
