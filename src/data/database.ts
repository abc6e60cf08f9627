import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DecodeOptions } from './decodeRecord';
import type { ImageRecords } from './imageRecords';
import { LevelDbRecords } from './levelDbRecords';
import { LmdbRecords } from './lmdbRecords';

/**
 * Opens a database of Datums, whichever kind it is: what a prototxt says of it is often not true any
 * more.
 *
 * @param source folder of an LMDB or a LevelDB, or an LMDB's data file
 * @throws UserError those of LmdbReader.open and LevelDbRecords.open
 */
export async function openDatabase(
  source: string,
  decoding: DecodeOptions = {},
): Promise<ImageRecords> {
  const isLevelDb = existsSync(path.join(source, 'CURRENT'));
  return isLevelDb ? LevelDbRecords.open(source, decoding) : new LmdbRecords(source, decoding);
}
