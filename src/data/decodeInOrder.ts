import type { Datum } from './datum';
import { decodeRecord, type DecodeOptions } from './decodeRecord';
import type { RecordPlace } from './record';

/** Images decoded at the same time: the decoder has threads of its own. */
export const decodedTogether = 8;

/** A record as a database gives it; its value is valid until the next one is asked for. */
export interface FoundRecord {
  readonly value: Uint8Array;
  readonly place: RecordPlace;
}

/**
 * Gives `count` Datums in the order of a database; JPEG and PNG images are decoded several at a time.
 *
 * @param next gives the records one after the other
 * @throws UserError those of {@link decodeRecord}
 */
export async function decodeInOrder(
  count: number,
  next: () => FoundRecord | Promise<FoundRecord>,
  decoding: DecodeOptions,
  use: (datum: Datum, place: RecordPlace) => void,
): Promise<void> {
  let waiting: { readonly datum: Promise<Datum>; readonly place: RecordPlace }[] = [];
  const finish = async (): Promise<void> => {
    const datums = await Promise.all(waiting.map(({ datum }) => datum));
    waiting.forEach(({ place }, i) => use(datums[i] as Datum, place));
    waiting = [];
  };
  for (let i = 0; i < count; i++) {
    const found = next();
    const { value, place } = found instanceof Promise ? await found : found;
    const datum = decodeRecord(value, place, decoding);
    if (datum instanceof Promise) {
      // What fails is reported when its turn comes.
      datum.catch(() => undefined);
      waiting.push({ datum, place });
      if (waiting.length === decodedTogether) await finish();
    } else {
      // Raw pixels need no waiting: a promise for each would cost more than reading it.
      if (waiting.length > 0) await finish();
      use(datum, place);
    }
  }
  await finish();
}
