import { Buffer } from 'node:buffer';

/** Bytes of a file's start that {@link describeForeign} looks at: the header of a tar archive. */
export const foreignSample = 512;

const magics: readonly (readonly [string, string])[] = [
  ['PK\x03\x04', 'a zip archive: unpack it and give the file inside'],
  ['PK\x05\x06', 'an empty zip archive: download it again'],
  ['PK\x07\x08', 'a zip archive: unpack it and give the file inside'],
  ['\x1f\x8b', 'a gzip file: unpack it (gunzip) and give what comes out'],
  ['BZh', 'a bzip2 file: unpack it and give what comes out'],
  ['\xfd7zXZ', 'an xz file: unpack it and give what comes out'],
  ['\x28\xb5\x2f\xfd', 'a Zstandard file: unpack it and give what comes out'],
  ['7z\xbc\xaf', 'a 7z archive: unpack it and give the file inside'],
  ['Rar!', 'a RAR archive: unpack it and give the file inside'],
  ['%PDF', 'a PDF document'],
  ['\x00\x05\x16\x07', 'what macOS keeps beside a file: give the one whose name has no "._"'],
];

/** How texts begin that servers send in the place of a file. */
const answers: readonly (readonly [RegExp, string])[] = [
  [
    /^<(!--|(!doctype|html|head|body|script|meta|title|div|svg)\b)/i,
    'a web page: the download brought it instead of the file; use the link to the raw file',
  ],
  [
    /^<\?xml/i,
    'an XML text, as servers answer: the download failed; look whether its link is right',
  ],
  [
    /^(\d{3}:? )?(not found|entry not found|forbidden|access denied|unauthorized)[.!]?\s*$/i,
    "a server's refusal: the download failed; look whether its link is right",
  ],
  [
    /^\{\s*"(message|error|errors|status|code)"\s*:/i,
    "a server's refusal: the download failed; look whether its link is right",
  ],
  [
    /^version https:\/\/(git-lfs|hawser)\b/,
    'a Git LFS pointer, not the file itself: fetch it with git lfs pull',
  ],
  [
    /^(\.\.\/)*\/?(\.git\/)?annex\/objects\/\S+\s*$/,
    'a git-annex pointer, not the file itself: fetch it with git annex get',
  ],
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
  if (isTar(bytes)) return 'a tar archive: unpack it and give the file inside';
  const word = text.replace(/^\xef\xbb\xbf/, '').trimStart();
  return answers.find(([begin]) => begin.test(word))?.[1];
}

/** By the name of the format, or, of older archives, by the header's sum. */
function isTar(bytes: Buffer): boolean {
  if (bytes.subarray(257, 262).toString('latin1') === 'ustar') return true;
  if (bytes.length < 512) return false;
  const field = bytes.subarray(148, 156).toString('latin1');
  const stated = /^ *([0-7]+)[\0 ]/.exec(field)?.[1];
  if (stated === undefined) return false;
  // The sum is taken with blanks in its own place.
  const sum = bytes.reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  return sum === parseInt(stated, 8);
}
