import { UserError } from '../base/userError';
import { decodeDatum, type Datum } from './datum';
import { decodeImage } from './decodeImage';
import { describeRecord, type RecordPlace } from './record';

/** How JPEG and PNG images inside of Datums are read. */
export interface DecodeOptions {
  /** Three channels, or one, whatever the image has; as stored where absent. */
  readonly colors?: 'color' | 'gray' | undefined;
}

/**
 * Decodes a Datum, and the JPEG or PNG in it where it holds one; the bytes may then be written over at
 * once.
 *
 * @throws UserError those of `decodeDatum`, and `datum/image` for an image that cannot be decoded
 */
export function decodeRecord(
  bytes: Uint8Array,
  place: RecordPlace,
  { colors }: DecodeOptions,
): Datum | Promise<Datum> {
  const datum = decodeDatum(bytes, place);
  if (!('encoded' in datum)) return datum;
  const { label, encoded } = datum;
  return decodeImage(new Uint8Array(encoded), { colors }, (reason, cause) => {
    const detail = `${describeRecord(place)} holds an image that cannot be decoded (${reason})`;
    return new UserError(
      'datum/image',
      `${detail}: re-create the database`,
      { file: place.file },
      { cause },
    );
  }).then((image) => ({ label, ...image }));
}
