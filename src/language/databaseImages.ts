import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { decodeDatum } from '../data/datum';
import { LmdbReader } from '../data/lmdb';
import { UserError } from '../base/userError';
import type { Analysis } from './analysis';
import type { ImageSize } from './dataTops';
import { isLocalFile, isLocalPath } from './localPaths';

/** The databases that the `Data` layers of a document name, each once. */
export function databaseSources({ nets }: Analysis): readonly string[] {
  const sources = nets.flatMap(({ layers }) =>
    layers.map(({ type, layer }) => (type === 'Data' ? layer?.param.data_param?.source : '') ?? ''),
  );
  return [...new Set(sources)].filter((source) => source !== '');
}

/**
 * Size of the images of a database, by its first record: one page or two of the file are read.
 *
 * @param place an absolute path
 * @returns undefined where there is no LMDB, and where its images are JPEG or PNG files
 */
export function firstImageSize(place: string): ImageSize | undefined {
  const file = join(place, 'data.mdb');
  if (!isLocalPath(place) || !existsSync(file) || !isLocalFile(file)) return undefined;
  try {
    const reader = LmdbReader.open(place);
    try {
      const record = reader.cursor().next();
      if (record === undefined) return undefined;
      const { key, value } = record;
      const datum = decodeDatum(value, { file: reader.path, index: 0, key });
      if ('encoded' in datum) return undefined;
      const { channels, height, width } = datum;
      return { channels, height, width };
    } finally {
      reader.close();
    }
  } catch (cause) {
    // A database that cannot be read is told when it is used; here its sizes are just not known.
    if (cause instanceof UserError) return undefined;
    throw cause;
  }
}
