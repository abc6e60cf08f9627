/** Control characters, line separators, and those that turn the direction of text round. */
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text from outside as it may be printed: what a terminal would obey instead of show is written as
 * an escape, `\\x1b` or `\\u202e`.
 *
 * @param kept control characters that stay as they are
 */
export function shown(text: string, kept = ''): string {
  return text.replace(unsafe, (character) => {
    if (kept.includes(character)) return character;
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Names of characters that look like others, or like nothing. */
const names: Readonly<Record<number, string>> = {
  0x00a0: 'no-break space',
  0x00ad: 'soft hyphen',
  0x2002: 'en space',
  0x2003: 'em space',
  0x2009: 'thin space',
  0x200b: 'zero-width space',
  0x200c: 'zero-width non-joiner',
  0x200d: 'zero-width joiner',
  0x200e: 'left-to-right mark',
  0x200f: 'right-to-left mark',
  0x2013: 'en dash',
  0x2014: 'em dash',
  0x2018: 'left single quotation mark',
  0x2019: 'right single quotation mark',
  0x201c: 'left double quotation mark',
  0x201d: 'right double quotation mark',
  0x2028: 'line separator',
  0x202f: 'narrow no-break space',
  0x2060: 'word joiner',
  0x2212: 'minus sign',
  0x3000: 'ideographic space',
  0xfeff: 'byte order mark',
  0xff1a: 'full-width colon',
  0xff5b: 'full-width left brace',
  0xff5d: 'full-width right brace',
  0xfffd: 'replacement character: the file is in another encoding than UTF-8',
};

/** A character by its code point, and by its name where it has no look of its own. */
export function describeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const name = names[code] ?? (/\p{Cc}/u.test(character) ? 'control character' : undefined);
  if (name !== undefined) return `${name} (${point})`;
  if (code < 0x7f) return JSON.stringify(character);
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(character)
    ? `"${character}" (${point})`
    : `character ${point}`;
}
