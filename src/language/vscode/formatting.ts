import type * as vscode from 'vscode';
import { formatDocument, formatOnType, formatRange } from '../../prototxt/format';
import { toSourceRange, toTextEdits } from './convert';
import type { Documents } from './documents';

/** Lays out a document, a part of it, or the line that was just typed. */
export class Formatting
  implements
    vscode.DocumentFormattingEditProvider,
    vscode.DocumentRangeFormattingEditProvider,
    vscode.OnTypeFormattingEditProvider
{
  /** The first and the other characters after which a line is laid out. */
  static readonly triggers = ['}', '>', ']', '\n'] as const;

  constructor(private readonly documents: Documents) {}

  provideDocumentFormattingEdits(document: vscode.TextDocument): vscode.TextEdit[] {
    const { source } = this.documents.analysisOf(document);
    return toTextEdits(document, formatDocument(source));
  }

  provideDocumentRangeFormattingEdits(
    document: vscode.TextDocument,
    range: vscode.Range,
  ): vscode.TextEdit[] {
    const { source } = this.documents.analysisOf(document);
    return toTextEdits(document, formatRange(source, toSourceRange(document, range)));
  }

  provideOnTypeFormattingEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    character: string,
  ): vscode.TextEdit[] {
    const { source } = this.documents.analysisOf(document);
    return toTextEdits(document, formatOnType(source, document.offsetAt(position), character));
  }
}
