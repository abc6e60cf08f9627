import * as vscode from 'vscode';
import { PrototxtCompletions } from './completions';
import { Documents, selector } from './documents';
import { FileLinks } from './fileLinks';
import { Formatting } from './formatting';
import { PrototxtHovers } from './hovers';
import { Navigation } from './navigation';
import { Problems } from './problems';
import { QuickFixes, Upgrades } from './quickFixes';
import { ShapeHints } from './shapeHints';
import { Folding, Outline, Selection } from './structure';

/** Everything that the prototxt language offers in the editor, trusted workspace or not. */
export function registerLanguage(): vscode.Disposable {
  const { languages } = vscode;
  const documents = new Documents();
  const shapeHints = new ShapeHints(documents);
  const navigation = new Navigation(documents);
  const formatting = new Formatting(documents);
  const [firstTrigger, ...otherTriggers] = Formatting.triggers;
  return vscode.Disposable.from(
    documents,
    new Problems(documents),
    shapeHints,
    languages.registerInlayHintsProvider(selector, shapeHints),
    languages.registerDocumentLinkProvider(selector, new FileLinks(documents)),
    languages.registerHoverProvider(selector, new PrototxtHovers(documents)),
    languages.registerCompletionItemProvider(
      selector,
      new PrototxtCompletions(documents),
      ...PrototxtCompletions.triggers,
    ),
    languages.registerCodeActionsProvider(selector, new QuickFixes(documents), {
      providedCodeActionKinds: QuickFixes.kinds,
    }),
    languages.registerCodeActionsProvider(selector, new Upgrades(documents), {
      providedCodeActionKinds: Upgrades.kinds,
    }),
    languages.registerDocumentSymbolProvider(selector, new Outline(documents)),
    languages.registerFoldingRangeProvider(selector, new Folding(documents)),
    languages.registerSelectionRangeProvider(selector, new Selection(documents)),
    languages.registerDefinitionProvider(selector, navigation),
    languages.registerReferenceProvider(selector, navigation),
    languages.registerDocumentHighlightProvider(selector, navigation),
    languages.registerRenameProvider(selector, navigation),
    languages.registerDocumentFormattingEditProvider(selector, formatting),
    languages.registerDocumentRangeFormattingEditProvider(selector, formatting),
    languages.registerOnTypeFormattingEditProvider(
      selector,
      formatting,
      firstTrigger,
      ...otherTriggers,
    ),
  );
}
