/** The known name nearest to a mistyped one; undefined where none is near. */
export function suggest(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  // Looser, and the names of other forks' fields begin to look like mistyped ones of ours.
  let best = (name.length > 4 ? 2 : 1) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= best) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/**
 * The same for a word of a schema: a field, a value, a layer type. What forks call alike on purpose is
 * no slip: another digit (`relu6_param`), another side or axis (`pad_l` beside `pad_h`), one part more
 * (`offset_h` of `offset`).
 */
export function suggestWord(word: string, known: Iterable<string>): string | undefined {
  return suggest(
    word,
    [...known].filter((candidate) => !isVariant(word.toLowerCase(), candidate.toLowerCase())),
  );
}

function isVariant(word: string, known: string): boolean {
  if (digitsOf(word) !== digitsOf(known)) return true;
  if (word.startsWith(`${known}_`)) return true;
  const [stem, end] = lastPart(word);
  const [otherStem, otherEnd] = lastPart(known);
  return stem !== '' && stem === otherStem && end !== otherEnd && end.length === 1;
}

function digitsOf(word: string): string {
  return word.replace(/\D/g, '');
}

/** `pad` and `l` of `pad_l`. */
function lastPart(word: string): readonly [stem: string, end: string] {
  const at = word.lastIndexOf('_');
  return [word.slice(0, Math.max(at, 0)), word.slice(at + 1)];
}

/** Levenshtein's: insertions, deletions and replacements of one character. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
