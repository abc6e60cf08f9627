import { Buffer } from 'node:buffer';

/** Bytes of a file's start that {@link describeForeign} looks at. */
export const foreignSample = 512;

const magics: readonly (readonly [string, string])[] = [
  ['PK\x03\x04', 'a zip archive: unpack it and give the file inside'],
  ['\x1f\x8b', 'a gzip file: unpack it (gunzip) and give what comes out'],
  ['BZh', 'a bzip2 file: unpack it and give what comes out'],
  ['\xfd7zXZ', 'an xz file: unpack it and give what comes out'],
  ['7z\xbc\xaf', 'a 7z archive: unpack it and give the file inside'],
  ['Rar!', 'a RAR archive: unpack it and give the file inside'],
  ['%PDF', 'a PDF document'],
];

/**
 * What a download or a mix-up brought instead of the file that was meant; undefined where nothing
 * speaks for that.
 *
 * @param start the first bytes of the file
 */
export function describeForeign(start: Uint8Array): string | undefined {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength).subarray(
    0,
    foreignSample,
  );
  if (bytes.length === 0) return 'an empty file: the download or the copy broke off';
  const text = bytes.toString('latin1');
  const known = magics.find(([magic]) => text.startsWith(magic));
  if (known !== undefined) return known[1];
  if (bytes.subarray(257, 262).toString('latin1') === 'ustar') {
    return 'a tar archive: unpack it and give the file inside';
  }
  const word = text.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^<(!doctype html|html|head|body|!--|\?xml)/i.test(word)) {
    return 'a web page: the download brought it instead of the file; use the link to the raw file';
  }
  if (word.startsWith('version https://git-lfs')) {
    return 'a Git LFS pointer, not the file itself: fetch it with git lfs pull';
  }
  return undefined;
}
