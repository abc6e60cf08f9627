import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { INITIAL, parseRawGrammar, Registry, type IGrammar } from 'vscode-textmate';
import { repositoryRoot } from '../support/shared';

let grammar: IGrammar;

beforeAll(async () => {
  const wasm = createRequire(__filename).resolve('vscode-oniguruma/release/onig.wasm');
  const { buffer, byteOffset, byteLength } = readFileSync(wasm);
  await loadWASM(buffer.slice(byteOffset, byteOffset + byteLength));
  const file = path.join(repositoryRoot, 'syntaxes/prototxt.tmLanguage.json');
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: () => Promise.resolve(parseRawGrammar(readFileSync(file, 'utf8'), file)),
  });
  const loaded = await registry.loadGrammar('source.prototxt');
  if (loaded === null) throw new Error('the grammar does not load');
  grammar = loaded;
});

/** Texts with their innermost scope, blanks left out. */
function scopesOf(...lines: string[]): [string, string][] {
  const result: [string, string][] = [];
  let stack = INITIAL;
  for (const line of lines) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    for (const { startIndex, endIndex, scopes } of tokens) {
      const text = line.slice(startIndex, endIndex).trim();
      const scope = (scopes.at(-1) ?? '').replace(/\.prototxt$/, '');
      if (text !== '') result.push([text, scope]);
    }
  }
  return result;
}

describe('grammar', () => {
  it.each([
    [
      'layer {',
      [
        ['layer', 'keyword.other.message'],
        ['{', 'punctuation.section.block.begin'],
      ],
    ],
    [
      'param: <',
      [
        ['param', 'keyword.other.message'],
        [':', 'punctuation.separator.key-value'],
        ['<', 'punctuation.section.block.begin'],
      ],
    ],
    [
      'num_output: 20',
      [
        ['num_output', 'meta.object-literal.key'],
        [':', 'punctuation.separator.key-value'],
        ['20', 'constant.numeric.integer'],
      ],
    ],
    [
      'std: -0.01f',
      [
        ['std', 'meta.object-literal.key'],
        [':', 'punctuation.separator.key-value'],
        ['-0.01f', 'constant.numeric.float'],
      ],
    ],
    [
      'a: 1e-4',
      [
        ['a', 'meta.object-literal.key'],
        [':', 'punctuation.separator.key-value'],
        ['1e-4', 'constant.numeric.float'],
      ],
    ],
    [
      'a: 0x1F',
      [
        ['a', 'meta.object-literal.key'],
        [':', 'punctuation.separator.key-value'],
        ['0x1F', 'constant.numeric.hex'],
      ],
    ],
    [
      'a: 017',
      [
        ['a', 'meta.object-literal.key'],
        [':', 'punctuation.separator.key-value'],
        ['017', 'constant.numeric.octal'],
      ],
    ],
    [
      'a: -inf',
      [
        ['a', 'meta.object-literal.key'],
        [':', 'punctuation.separator.key-value'],
        ['-inf', 'constant.numeric.special'],
      ],
    ],
    [
      'pool: MAX',
      [
        ['pool', 'meta.object-literal.key'],
        [':', 'punctuation.separator.key-value'],
        ['MAX', 'variable.other.enummember'],
      ],
    ],
    [
      'phase: TRAIN',
      [
        ['phase', 'meta.object-literal.key'],
        [':', 'punctuation.separator.key-value'],
        ['TRAIN', 'variable.other.enummember.phase'],
      ],
    ],
    [
      'bias_term: false',
      [
        ['bias_term', 'meta.object-literal.key'],
        [':', 'punctuation.separator.key-value'],
        ['false', 'constant.language.boolean'],
      ],
    ],
    [
      'type: "ReLU"',
      [
        ['type', 'meta.object-literal.key'],
        [':', 'punctuation.separator.key-value'],
        ['"', 'punctuation.definition.string.begin'],
        ['ReLU', 'entity.name.type.layer'],
        ['"', 'punctuation.definition.string.end'],
      ],
    ],
    [
      '# layer {',
      [
        ['#', 'punctuation.definition.comment'],
        ['layer {', 'comment.line.number-sign'],
      ],
    ],
  ])('%s', (line, expected) => {
    expect(scopesOf(line)).toEqual(expected);
  });

  it('strings: escapes, comment signs and quotes inside, adjacent ones', () => {
    const scopes = scopesOf(String.raw`name: "a\n#\"b" 'c"'  "\q"`);
    expect(scopes).toContainEqual([String.raw`\n`, 'constant.character.escape']);
    expect(scopes).toContainEqual([String.raw`\"`, 'constant.character.escape']);
    expect(scopes).toContainEqual(['#', 'string.quoted.double']);
    expect(scopes).toContainEqual(['c"', 'string.quoted.single']);
    expect(scopes).toContainEqual([String.raw`\q`, 'invalid.illegal.escape']);
  });

  it('an open string ends with its line', () => {
    expect(scopesOf('name: "open', 'top: 1')).toContainEqual(['top', 'meta.object-literal.key']);
  });

  it('lists and messages nest', () => {
    const scopes = scopesOf('a { b: [1, X, { c: 2 }] } d: 3');
    expect(
      scopes.filter(([, scope]) => scope === 'meta.object-literal.key').map(([text]) => text),
    ).toEqual(['b', 'c', 'd']);
    expect(scopes.at(-1)).toEqual(['3', 'constant.numeric.integer']);
  });

  it('leaves nothing of the bundled example without a scope', () => {
    const text = readFileSync(
      path.join(repositoryRoot, 'examples/mnist/lenet_train_test.prototxt'),
      'utf8',
    );
    const bare = scopesOf(...text.split('\n')).filter(([, scope]) => scope === 'source');
    expect(bare).toEqual([]);
  });
});
