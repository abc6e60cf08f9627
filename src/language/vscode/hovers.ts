import * as vscode from 'vscode';
import { hoverAt } from '../hover';
import { toRange } from './convert';
import type { Documents } from './documents';

/** What stands under the mouse, in words. */
export class PrototxtHovers implements vscode.HoverProvider {
  constructor(private readonly documents: Documents) {}

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const hover = hoverAt(this.documents.analysisOf(document), document.offsetAt(position));
    if (hover === undefined) return undefined;
    return new vscode.Hover(new vscode.MarkdownString(hover.text), toRange(document, hover.range));
  }
}
