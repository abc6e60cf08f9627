import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from './shared';

/** A text in the source. */
export interface SourceText {
  /** `src/engine/inputs/givenInputs.ts:99`. */
  readonly place: string;
  readonly text: string;
}

/** The texts in `src` below the command line that a test picks; where options are described is left out. */
export function flagTexts(isWanted: (text: string) => boolean): readonly SourceText[] {
  return sourceFiles()
    .filter((file) => !/^src\/(cli|options)\//.test(file))
    .flatMap((file) => textsOf(file, literalOf))
    .filter(({ text }) => isWanted(text));
}

/** The options that texts mention by their keys, in all of `src`. */
export function optionMentions(): readonly SourceText[] {
  return sourceFiles().flatMap((file) => textsOf(file, mentionOf));
}

function sourceFiles(): readonly string[] {
  return readdirSync(path.join(repositoryRoot, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => `src/${name.replaceAll(path.sep, '/')}`)
    .filter((name) => name.endsWith('.ts'))
    .sort();
}

function textsOf(file: string, textOf: (node: ts.Node) => string | undefined): SourceText[] {
  const content = readFileSync(path.join(repositoryRoot, file), 'utf8');
  const source = ts.createSourceFile(file, content, ts.ScriptTarget.Latest, true);
  const found: SourceText[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ place: `${file}:${line + 1}`, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A literal, or one piece of a template. */
function literalOf(node: ts.Node): string | undefined {
  const isText =
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    ts.isRegularExpressionLiteral(node);
  return isText ? node.text : undefined;
}

/** What makes a mention: its first argument is an option's key. */
const makers: ReadonlySet<string> = new Set(['option', 'anyOf', 'withOption', 'about']);

function mentionOf(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  const [key] = node.arguments;
  if (!makers.has(node.expression.text) || key === undefined) return undefined;
  return ts.isStringLiteral(key) ? key.text : undefined;
}
