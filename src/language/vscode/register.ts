import * as vscode from 'vscode';
import { PrototxtCompletions } from './completions';
import { Documents, selector } from './documents';
import { FileLinks } from './fileLinks';
import { PrototxtHovers } from './hovers';
import { Problems } from './problems';
import { QuickFixes, Upgrades } from './quickFixes';
import { ShapeHints } from './shapeHints';

/** Everything that the prototxt language offers in the editor, trusted workspace or not. */
export function registerLanguage(): vscode.Disposable {
  const { languages } = vscode;
  const documents = new Documents();
  const shapeHints = new ShapeHints(documents);
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
  );
}
