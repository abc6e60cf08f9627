import * as vscode from 'vscode';
import { UserError } from '../../base/userError';
import { plain } from '../../base/words';
import { definitionAt } from '../navigation/definition';
import { highlightsAt, referencesAt } from '../navigation/references';
import { renameEdits, renameTarget } from '../navigation/rename';
import { toRange, toTextEdits } from './convert';
import type { Documents } from './documents';

/** From a blob or a layer to where it is made, to all who name it, and to another name. */
export class Navigation
  implements
    vscode.DefinitionProvider,
    vscode.ReferenceProvider,
    vscode.DocumentHighlightProvider,
    vscode.RenameProvider
{
  constructor(private readonly documents: Documents) {}

  provideDefinition(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): vscode.LocationLink[] | undefined {
    const { analysis, offset } = this.at(document, position);
    const found = definitionAt(analysis, offset);
    return found?.targets.map(({ range, selection }) => ({
      originSelectionRange: toRange(document, found.origin),
      targetUri: document.uri,
      targetRange: toRange(document, range),
      targetSelectionRange: toRange(document, selection),
    }));
  }

  provideReferences(
    document: vscode.TextDocument,
    position: vscode.Position,
    { includeDeclaration }: vscode.ReferenceContext,
  ): vscode.Location[] {
    const { analysis, offset } = this.at(document, position);
    return referencesAt(analysis, offset, includeDeclaration).map(
      (range) => new vscode.Location(document.uri, toRange(document, range)),
    );
  }

  provideDocumentHighlights(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): vscode.DocumentHighlight[] {
    const { Read, Write } = vscode.DocumentHighlightKind;
    const { analysis, offset } = this.at(document, position);
    return highlightsAt(analysis, offset).map(
      ({ range, isWrite }) =>
        new vscode.DocumentHighlight(toRange(document, range), isWrite ? Write : Read),
    );
  }

  prepareRename(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): { range: vscode.Range; placeholder: string } {
    const { analysis, offset } = this.at(document, position);
    const target = renameTarget(analysis, offset);
    // VS Code shows the message beside the cursor.
    if (target === undefined) throw new Error('Only blobs and layers can be renamed.');
    return { range: toRange(document, target.range), placeholder: target.name };
  }

  provideRenameEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    newName: string,
  ): vscode.WorkspaceEdit {
    const { analysis, offset } = this.at(document, position);
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, toTextEdits(document, this.editsFor(analysis, offset, newName)));
    return edit;
  }

  private editsFor(
    ...[analysis, offset, newName]: Parameters<typeof renameEdits>
  ): ReturnType<typeof renameEdits> {
    try {
      return renameEdits(analysis, offset, newName);
    } catch (cause) {
      // The place is known to who asks: only what is wrong is shown.
      throw cause instanceof UserError ? new Error(plain(cause.detail), { cause }) : cause;
    }
  }

  private at(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): { analysis: ReturnType<Documents['analysisOf']>; offset: number } {
    return {
      analysis: this.documents.analysisOf(document),
      offset: document.offsetAt(position),
    };
  }
}
