import type { SourceRange } from '../../prototxt/source';
import { quote } from '../../prototxt/strings';
import type { TextEdit } from '../../prototxt/textEdit';
import { UserError } from '../../base/userError';
import type { Analysis } from '../analysis';
import { highlightsAt } from './references';
import { layersNamed, symbolAt, type NetSymbol } from './symbolAt';

/** The name at an offset that can be changed, without its quotes; undefined where there is none. */
export function renameTarget(
  analysis: Analysis,
  offset: number,
): { readonly range: SourceRange; readonly name: string } | undefined {
  const symbol = symbolAt(analysis, offset);
  if (symbol === undefined) return undefined;
  const { start, end } = symbol.range;
  return { range: { start: start + 1, end: Math.max(start + 1, end - 1) }, name: nameOf(symbol) };
}

/**
 * Renames the blob or layer at an offset wherever the net names it.
 * @throws UserError where no blob or layer is named, the new name is empty, or another blob or layer
 * of the net has it.
 */
export function renameEdits(
  analysis: Analysis,
  offset: number,
  newName: string,
): readonly TextEdit[] {
  const symbol = symbolAt(analysis, offset);
  if (symbol === undefined) {
    throw new UserError('rename/nothing', 'place the cursor on the name of a blob or layer');
  }
  if (newName.trim() === '') throw new UserError('rename/empty', 'give a name that is not empty');
  if (newName === nameOf(symbol)) return [];
  refuseClash(analysis, symbol, newName);
  return highlightsAt(analysis, offset).map(({ range }) => ({
    range,
    newText: quoteLike(analysis.text, range, newName),
  }));
}

function nameOf(symbol: NetSymbol): string {
  return symbol.kind === 'blob' ? symbol.use.blob.name : symbol.layer.name;
}

function refuseClash({ source }: Analysis, symbol: NetSymbol, newName: string): void {
  const taken =
    symbol.kind === 'blob'
      ? symbol.uses.find(({ blob }) => blob.name === newName)?.blob.range
      : layersNamed(symbol.net, newName)[0]?.nameNode?.range;
  if (taken === undefined) return;
  const { line } = source.positionAt(taken.start);
  throw new UserError(
    'rename/taken',
    `line ${line} already has a ${symbol.kind} "${newName}": choose another name`,
  );
}

/** Single quotes stay single where the name allows it. */
function quoteLike(text: string, { start }: SourceRange, name: string): string {
  const isPlain = /^[\w/.: -]*$/.test(name);
  return text[start] === "'" && isPlain ? `'${name}'` : quote(name);
}
