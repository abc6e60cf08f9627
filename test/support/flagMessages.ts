import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from './shared';

/** A text in the source that names a flag of the command line. */
export interface FlagMessage {
  /** `src/engine/givenInputs.ts:99`. */
  readonly place: string;
  /** The whole text that is put together there; what is only known at run time is a sample. */
  readonly text: string;
}

/** What stands for a value that is only known at run time. */
const sample = 'x';

/** Every text in `src` below the command line that names a flag. */
export function flagMessages(): readonly FlagMessage[] {
  const folder = path.join(repositoryRoot, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll(path.sep, '/'))
    .filter(
      (name) => name.endsWith('.ts') && !/^(cli|options|runs|extension|language)\//.test(name),
    )
    .sort()
    .flatMap((name) => messagesOf(`src/${name}`));
}

function messagesOf(file: string): FlagMessage[] {
  const text = readFileSync(path.join(repositoryRoot, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: FlagMessage[] = [];
  const visit = (node: ts.Node): void => {
    if (isText(node)) {
      const message = textOf(node);
      if (/--[a-z]/.test(message)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        found.push({ place: `${file}:${line + 1}`, text: message });
      }
      // The parts of it are told with it.
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isText(node: ts.Node): boolean {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateExpression(node) ||
    (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
  );
}

/** A text as it would be put together; of two that a condition chooses from, both, one after the other. */
function textOf(node: ts.Node): string {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return (
      node.head.text +
      node.templateSpans.map((span) => textOf(span.expression) + span.literal.text).join('')
    );
  }
  if (ts.isBinaryExpression(node)) return textOf(node.left) + textOf(node.right);
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  if (ts.isConditionalExpression(node)) return textOf(node.whenTrue) + textOf(node.whenFalse);
  if (ts.isCallExpression(node)) {
    const inner = [node.expression, ...node.arguments].map(nestedText).join('');
    return inner === '' ? sample : inner;
  }
  return sample;
}

/** What a call such as `blobs.map((blob) => ...).join(', ')` puts in. */
function nestedText(node: ts.Node): string {
  if (isText(node)) return textOf(node);
  let found = '';
  ts.forEachChild(node, (child) => {
    if (ts.isStringLiteral(child) && !child.text.includes('--')) return;
    found += nestedText(child);
  });
  return found;
}
