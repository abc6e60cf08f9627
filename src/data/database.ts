import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../base/userError';
import type { DecodeOptions } from './decodeRecord';
import type { ImageRecords } from './imageRecords';
import { LevelDbRecords } from './levelDbRecords';
import { LmdbRecords } from './lmdbRecords';

/**
 * Opens a database of Datums, whichever kind it is: what a prototxt says of it is often not true any
 * more.
 *
 * @param source folder of an LMDB or a LevelDB, or an LMDB's data file
 * @throws UserError `database/unknown` for a folder of anything else, and those of LmdbReader.open and
 * LevelDbRecords.open
 */
export async function openDatabase(
  source: string,
  decoding: DecodeOptions = {},
): Promise<ImageRecords> {
  const has = (file: string): boolean => existsSync(path.join(source, file));
  if (has('CURRENT')) return LevelDbRecords.open(source, decoding);
  // With a separator at the end only a folder is found.
  if (has(path.sep) && !has('data.mdb')) {
    throw new UserError(
      'database/unknown',
      'this folder holds neither data.mdb, as an LMDB does, nor CURRENT, as a LevelDB does: give the ' +
        'folder of a database',
      { file: source },
    );
  }
  return new LmdbRecords(source, decoding);
}
