/** How a file's bytes became text. Files that are not in UTF-8 (GBK, Latin-1) are read byte by byte. */
export type TextEncoding = 'utf8' | 'latin1';

const byteOrderMark = '\uFEFF';

/** Text, byte order mark included, such that {@link encodeText} gives the same bytes again. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: TextEncoding } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, encoding: 'utf8' };
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    const text = Buffer.from(bytes).toString('latin1');
    const mark = Buffer.from(byteOrderMark).toString('latin1');
    // The mark of UTF-8 may stand there all the same.
    const isMarked = text.startsWith(mark);
    return {
      text: isMarked ? byteOrderMark + text.slice(mark.length) : text,
      encoding: 'latin1',
    };
  }
}

/** The bytes of a text. */
export function encodeText(text: string, encoding: TextEncoding): Uint8Array {
  if (encoding === 'utf8' || !text.startsWith(byteOrderMark)) return Buffer.from(text, encoding);
  return Buffer.concat([Buffer.from(byteOrderMark), Buffer.from(text.slice(1), encoding)]);
}
