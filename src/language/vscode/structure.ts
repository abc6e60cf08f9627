import * as vscode from 'vscode';
import { foldingRanges, type FoldingRange } from '../folding';
import { outline, type OutlineItem } from '../outline';
import { selectionRanges } from '../selection';
import { toRange } from './convert';
import type { Documents } from './documents';

const symbolKinds: Readonly<Record<OutlineItem['kind'], vscode.SymbolKind>> = {
  net: vscode.SymbolKind.Module,
  group: vscode.SymbolKind.Namespace,
  layer: vscode.SymbolKind.Function,
  message: vscode.SymbolKind.Object,
  field: vscode.SymbolKind.Field,
};

/** The outline, which the breadcrumbs show as well. */
export class Outline implements vscode.DocumentSymbolProvider {
  constructor(private readonly documents: Documents) {}

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    return outline(this.documents.analysisOf(document)).map((item) => toSymbol(document, item));
  }
}

function toSymbol(document: vscode.TextDocument, item: OutlineItem): vscode.DocumentSymbol {
  const symbol = new vscode.DocumentSymbol(
    // VS Code refuses an empty name.
    item.name.trim() === '' ? item.kind : item.name,
    item.detail,
    symbolKinds[item.kind],
    toRange(document, item.range),
    toRange(document, item.selection),
  );
  symbol.children = item.children.map((child) => toSymbol(document, child));
  return symbol;
}

const foldingKinds: Readonly<Record<FoldingRange['kind'], vscode.FoldingRangeKind | undefined>> = {
  block: undefined,
  comment: vscode.FoldingRangeKind.Comment,
  region: vscode.FoldingRangeKind.Region,
};

/** Messages, comments and regions that can be folded away. */
export class Folding implements vscode.FoldingRangeProvider {
  constructor(private readonly documents: Documents) {}

  provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
    return foldingRanges(this.documents.analysisOf(document)).map(({ start, end, kind }) => {
      const first = document.positionAt(start).line;
      return new vscode.FoldingRange(first, document.positionAt(end).line, foldingKinds[kind]);
    });
  }
}

/** What a selection grows to, step by step. */
export class Selection implements vscode.SelectionRangeProvider {
  constructor(private readonly documents: Documents) {}

  provideSelectionRanges(
    document: vscode.TextDocument,
    positions: readonly vscode.Position[],
  ): vscode.SelectionRange[] {
    const analysis = this.documents.analysisOf(document);
    return positions.map((position) => {
      const ranges = selectionRanges(analysis, document.offsetAt(position));
      const chain = ranges.reduceRight<vscode.SelectionRange | undefined>(
        (parent, range) => new vscode.SelectionRange(toRange(document, range), parent),
        undefined,
      );
      return chain ?? new vscode.SelectionRange(new vscode.Range(position, position));
    });
  }
}
