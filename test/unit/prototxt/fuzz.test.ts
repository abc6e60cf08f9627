import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { caffeSchema } from '../../../src/caffe/caffeSchema';
import { bindMessage } from '../../../src/prototxt/bind';
import { DiagnosticList } from '../../../src/prototxt/diagnostic';
import { PrototxtEdit } from '../../../src/prototxt/edit';
import type { FieldSpec } from '../../../src/prototxt/fieldSpec';
import { SourceText } from '../../../src/prototxt/source';
import { skipBlanks, tokenize } from '../../../src/prototxt/tokens';
import type { MessageNode } from '../../../src/prototxt/tree';
import {
  messagesOf,
  parseText,
  type Plain,
  type PlainField,
  Random,
  shared,
  toPlainField,
  walk,
} from './support';

const ownTexts = [
  `name: "net" # a comment\nlayer {\n  name: 'conv\\x31' "b"\n  type: "Convolution"\n` +
    `  bottom: "data"\n  convolution_param { num_output: 20, kernel_size: [3, 5]; pad: - 1 }\n` +
    `  include: < phase: TEST >\n}\n`,
  `layers {\r\n\tname: "ip"\r\n\ttype: INNER_PRODUCT\r\n\tblobs_lr: 1.5f # why\r\n\tinner_product_param {\r\n` +
    `\t\tnum_output: 0x10\r\n\t\tweight_filler: { type: "xavier" } }\r\n}\r\n`,
  `input_shape [{ dim: [1, 3, 8, 8] }, < dim: 2 >] state { phase: 1 stage: "a" }; [x.y]: 3`,
];

const snippets = [
  ...['{', '}', '<', '>', '[', ']', ':', ';', ',', '-', '.', '/', '"', "'", '\\', '#', '\n', '\r'],
  ...[' ', '\t', '\u0000', '\uFEFF', '\ud800', 'é', '=', '0x', '1e', '.5f', '-inf', 'nan', '"a"'],
  ...['layer {', 'name:', 'phase: TEST', 'dim: [1,', '99999999999999999999', "'\\u12'", '[a.b]'],
];

/** A text with one token or character replaced, removed, doubled or put elsewhere. */
function mutate(text: string, random: Random): string {
  const tokens = tokenize(text, new DiagnosticList());
  const { start, end } = random.pick(tokens);
  switch (random.below(5)) {
    case 0:
      return text.slice(0, start) + text.slice(end);
    case 1:
      return text.slice(0, start) + random.pick(snippets) + text.slice(end);
    case 2:
      return text.slice(0, end) + random.pick(snippets) + text.slice(end);
    case 3:
      return text.slice(0, random.below(text.length + 1));
    default:
      return text.slice(0, end) + text.slice(start);
  }
}

describe('any text', () => {
  it('is read without throwing, with all places inside of it', () => {
    const random = new Random(1);
    for (let round = 0; round < 4000; round++) {
      let text = random.pick(ownTexts);
      for (let count = random.below(4) + 1; count > 0; count--) text = mutate(text, random);
      const { root, diagnostics } = parseText(text);
      const types = ['NetParameter', 'SolverParameter', 'LayerParameter'];
      const bound = bindMessage(root, caffeSchema, random.pick(types));
      const places = [...walk(root), ...diagnostics, ...bound.diagnostics];
      for (const { range } of places) {
        const isInside = 0 <= range.start && range.start <= range.end && range.end <= text.length;
        if (!isInside) expect.fail(`${JSON.stringify(range)} in ${JSON.stringify(text)}`);
      }
    }
  });
});

/** A random file in every layout the format allows. */
function writeText(random: Random): string {
  const lineEnd = random.pick(['\n', '\n', '\r\n']);
  const unit = random.pick(['  ', '    ', '\t', '']);
  const gap = (): string =>
    random.pick(['', '', ' ', '  ', '\t', lineEnd, ` # c${random.below(9)} }{${lineEnd}`]);
  const scalar = (): string =>
    random.pick(['1', '-2.5', '0x1F', '.5f', 'MAX', '"s"', `'q'`, '"a" "b"', '- 3', '"#"', '1.']);
  const value = (depth: number): string => {
    const kind = random.below(depth > 3 ? 2 : 5);
    if (kind < 2) return `:${gap()}${scalar()}`;
    if (kind === 2) return `:${gap()}[${gap()}${scalar()}${gap()},${scalar()}${gap()}]`;
    const [open, close] = random.pick(['{}', '{}', '<>']);
    return `${random.pick(['', ' ', ':', ' : '])}${open}${body(depth + 1)}${close}`;
  };
  const body = (depth: number): string => {
    const oneLine = random.below(3) === 0;
    let text = oneLine ? random.pick(['', ' ']) : lineEnd;
    for (let count = random.below(5); count > 0; count--) {
      if (!oneLine) text += unit.repeat(depth);
      text += random.pick(['a', 'b', 'c', 'd']) + gap() + value(depth);
      // A blank at least, unless a separator stands there: numbers and names must not touch.
      text += random.pick([' ', ' ', ',', ';', ' ,', `${gap()};${gap()}`, ` # d${lineEnd}`]);
      if (!oneLine) text += random.pick([lineEnd, lineEnd, '', `# e${lineEnd}`]);
    }
    return text + (oneLine ? '' : unit.repeat(Math.max(0, depth - 1)));
  };
  return random.pick(['', '', '\uFEFF']) + body(0) + random.pick(['', '# end', lineEnd]);
}

interface Expectation {
  readonly message: MessageNode;
  readonly set: ReadonlyMap<string, FieldSpec>;
}

function specToPlain({ name, value }: FieldSpec): PlainField {
  if (typeof value !== 'string') return { name, isList: false, values: [value.map(specToPlain)] };
  const [plain] = parseText(`${name}: ${value}`).root.fields.map(toPlainField);
  if (plain === undefined) throw new Error(`Not a value: ${value}`);
  return plain;
}

/** What the tree should be after the changes to one message. */
function expectPlain(message: MessageNode, expected: Expectation): Plain {
  const isChanged = message === expected.message;
  const fields = message.fields.map((field, index): PlainField => {
    const isLast = !message.fields.slice(index + 1).some(({ name }) => name === field.name);
    const spec = expected.set.get(field.name);
    if (isChanged && isLast && spec !== undefined) return specToPlain(spec);
    const values = field.values.map((value, at) =>
      value.kind === 'message'
        ? expectPlain(value, expected)
        : (toPlainField(field).values[at] ?? ''),
    );
    return { name: field.name, isList: field.isList, values };
  });
  if (!isChanged) return fields;
  const known = new Set(message.fields.map(({ name }) => name));
  const added = [...expected.set].filter(([name]) => !known.has(name));
  return [...fields, ...added.map(([, spec]) => specToPlain(spec))];
}

function plainOf(root: MessageNode): Plain {
  return root.fields.map(toPlainField);
}

function commentsOf(text: string): string[] {
  const comments: string[] = [];
  const tokens = tokenize(text, new DiagnosticList());
  let from = 0;
  for (const { start, end } of tokens) {
    for (const [comment] of text.slice(from, start).matchAll(/#[^\r\n]*/g)) comments.push(comment);
    from = end;
  }
  return comments;
}

function checkRandomEdit(text: string, random: Random): void {
  const { root } = parseText(text);
  const message = random.pick(messagesOf(root));
  const edit = new PrototxtEdit(new SourceText('fuzz', text), root);
  const set = new Map<string, FieldSpec>();
  for (const name of ['a', 'b', 'c', 'd', 'new1', 'new2', 'name', 'type', 'top']) {
    const spec: FieldSpec = {
      name,
      value: random.pick<FieldSpec['value']>([
        '7',
        '"t"',
        'AVE',
        [{ name: 'x', value: '-1.5' }],
        [],
      ]),
    };
    if (random.below(8) >= 3) continue;
    set.set(name, spec);
    if (typeof spec.value === 'string') edit.setScalar(message, name, spec.value);
    else edit.setMessage(message, name, spec.value);
  }
  const edited = edit.apply();
  const after = parseText(edited);
  const context = `${JSON.stringify(text)} became ${JSON.stringify(edited)}`;
  expect(after.diagnostics, context).toEqual([]);
  expect(plainOf(after.root), context).toEqual(expectPlain(root, { message, set }));
  // Comments within a replaced value go with it; those outside of any must not.
  const isFree = edit.toTextEdits().every(({ range: { start, end } }) => {
    return !text.slice(start, end).includes('#');
  });
  if (isFree) expect(commentsOf(edited), context).toEqual(commentsOf(text));
}

describe('any edit', () => {
  it('changes what it says and nothing else, in random layouts', () => {
    const random = new Random(2);
    let read = 0;
    for (let round = 0; round < 3000; round++) {
      const text = writeText(random);
      if (parseText(text).diagnostics.length > 0) continue;
      read++;
      checkRandomEdit(text, random);
    }
    expect(read).toBeGreaterThan(2000);
  });

  const nets = new URL('data/nets/', shared);
  it.skipIf(!existsSync(nets))('does so in public nets (skipped without ../shared)', () => {
    const random = new Random(3);
    for (const name of readdirSync(nets).filter((file) => file.endsWith('.prototxt'))) {
      const text = readFileSync(new URL(name, nets), 'utf8');
      for (let round = 0; round < 3; round++) checkRandomEdit(text, random);
    }
  });

  it('without changes gives the same text', () => {
    for (const text of ownTexts) {
      const { root } = parseText(text);
      expect(new PrototxtEdit(new SourceText('same', text), root).apply()).toBe(text);
      expect(skipBlanks(text, 0)).toBe(0);
    }
  });
});
