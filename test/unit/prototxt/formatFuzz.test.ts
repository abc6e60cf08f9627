import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DiagnosticList } from '../../../src/prototxt/diagnostic';
import { formatDocument, formatOnType, formatRange } from '../../../src/prototxt/format';
import { SourceText } from '../../../src/prototxt/source';
import { applyEdits } from '../../../src/prototxt/textEdit';
import { tokenize } from '../../../src/prototxt/tokens';
import { repositoryRoot, shared } from '../../support/shared';
import { parseText, Random, toPlain } from './support';

function format(text: string): string {
  return applyEdits(text, formatDocument(new SourceText('a.prototxt', text)));
}

/** Every token and comment of a text, in order. */
function contentOf(text: string): string[] {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  return tokenize(text, new DiagnosticList()).flatMap(({ start, end }) => {
    const comments = text
      .slice(at, start)
      .split('\n')
      .map((line) => line.trim());
    at = end;
    return [...comments.filter((line) => line !== ''), text.slice(start, end)];
  });
}

function check(text: string, formatted: string): void {
  expect(contentOf(formatted)).toEqual(contentOf(text));
  expect(toPlain(parseText(formatted).root)).toEqual(toPlain(parseText(text).root));
}

function listNets(): string[] {
  const folder = shared('data', 'nets');
  const found = existsSync(folder)
    ? readdirSync(folder).map((name) => path.join(folder, name))
    : [];
  const own = path.join(repositoryRoot, 'examples/mnist/lenet_train_test.prototxt');
  return [own, ...found.filter((name) => name.endsWith('.prototxt'))];
}

const texts = listNets().map((file) => readFileSync(file, 'utf8'));

describe('formatting of real nets', () => {
  it.each(listNets().map((file) => [path.basename(file), file] as const))(
    '%s keeps tokens, comments and meaning, and the second time nothing changes',
    (_, file) => {
      const text = readFileSync(file, 'utf8');
      const once = format(text);
      check(text, once);
      expect(format(once)).toBe(once);
      expect(once).not.toMatch(/[ \t]\n|\t *\w+:|\n\n\n/);
    },
  );
});

const odd = [
  `name: "n" # c\nlayer {name:'a\\x31' "b"\n"c"type : "T";bottom:"x",top: "y" param: <lr_mult:1>\n` +
    `convolution_param{kernel_size:[3 ,5]pad:- 1 std:-inf}include{phase:TRAIN}}\n`,
  `input_shape [{ dim: [1,\n3, 8, 8] }, < dim: 2 >] state { phase: 1 stage: "a" }; [x . y]: 3 a {} b { }\r\n`,
  `l:[1]m:[\n1,\n2]n:[] o{p{q{r:1}}} s [\n{a:1}\n,\n{b:2 c{d:[{e:1},{\n}]}}\n]`,
];
const blanks = [' ', '\n', '\n\n\n', '\t', '\r\n', '# c\n', ' # "d {\n', '\n# e\n\n# f\r\n', '\f'];

/** A text with other blanks and new comments between its tokens. */
function spread(text: string, random: Random): string {
  let at = 0;
  let spread = '';
  for (const { start, end } of tokenize(text, new DiagnosticList())) {
    const between = text.slice(at, start);
    const other = random.below(3) > 0 ? between : between + random.pick(blanks);
    const isBlank = between !== '' && between.trim() === '' && random.below(4) === 0;
    spread += (isBlank ? random.pick(blanks) : other) + text.slice(start, end);
    at = end;
  }
  return spread;
}

/** Some top-level fields, to keep rounds short. */
function part(text: string, random: Random): string {
  const { fields } = parseText(text).root;
  const from = random.below(fields.length);
  return text.slice(
    fields[from]?.range.start,
    fields[Math.min(from + 2, fields.length - 1)]?.range.end,
  );
}

describe('formatting of any layout', () => {
  it('keeps tokens, comments and meaning, and the second time nothing changes', () => {
    const random = new Random(11);
    for (let round = 0; round < 2000; round++) {
      const text = spread(
        random.below(2) > 0 ? random.pick(odd) : part(random.pick(texts), random),
        random,
      );
      const once = format(text);
      check(text, once);
      expect(format(once)).toBe(once);
    }
  });

  it('keeps all of a text with errors, whole, in part or as one types', () => {
    const random = new Random(12);
    for (let round = 0; round < 2000; round++) {
      let text = spread(
        random.below(2) > 0 ? random.pick(odd) : part(random.pick(texts), random),
        random,
      );
      for (let count = 0; count < 2; count++) {
        const at = random.below(text.length);
        text =
          text.slice(0, at) +
          random.pick(['', '{', '}', '"', '[', '#', 'a']) +
          text.slice(at + random.below(3));
      }
      const source = new SourceText('a.prototxt', text);
      const once = format(text);
      check(text, once);
      expect(format(once)).toBe(once);
      const start = random.below(text.length);
      const end = start + random.below(text.length - start + 1);
      check(text, applyEdits(text, formatRange(source, { start, end })));
      const typed = formatOnType(source, end, random.pick(['}', '\n']));
      expect(typed.every(({ range }) => range.end <= end)).toBe(true);
      check(text, applyEdits(text, typed));
    }
  });
});
