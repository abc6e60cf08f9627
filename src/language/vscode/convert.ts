import * as vscode from 'vscode';
import type { SourceRange } from '../../prototxt/source';
import type { TextEdit } from '../../prototxt/textEdit';

export function toRange(document: vscode.TextDocument, { start, end }: SourceRange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

export function toSourceRange(document: vscode.TextDocument, range: vscode.Range): SourceRange {
  return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}

export function toTextEdits(
  document: vscode.TextDocument,
  edits: readonly TextEdit[],
): vscode.TextEdit[] {
  return edits.map(({ range, newText }) => new vscode.TextEdit(toRange(document, range), newText));
}
