import * as vscode from 'vscode';
import { diagnose } from '../diagnostics/diagnose';
import type { Finding } from '../diagnostics/finding';
import { upgradeEdit } from '../upgrade';
import { toRange, toTextEdits } from './convert';
import type { Documents } from './documents';

/** The fixes of the findings at a place. */
export class QuickFixes implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];

  constructor(private readonly documents: Documents) {}

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const ours = diagnostics.filter(({ source }) => source === 'ristretto');
    if (ours.length === 0) return [];
    const findings = diagnose(this.documents.analysisOf(document));
    return ours.flatMap((diagnostic) =>
      findings
        .filter((finding) => isSame(document, finding, diagnostic))
        .flatMap((finding) => actionsOf(document, finding, diagnostic)),
    );
  }
}

function isSame(
  document: vscode.TextDocument,
  { code, message, range }: Finding,
  diagnostic: vscode.Diagnostic,
): boolean {
  return (
    code === diagnostic.code &&
    message === diagnostic.message &&
    toRange(document, range).isEqual(diagnostic.range)
  );
}

function actionsOf(
  document: vscode.TextDocument,
  { fixes }: Finding,
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction[] {
  return (fixes?.() ?? []).map(({ title, edits, isPreferred }) => {
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.edit = new vscode.WorkspaceEdit();
    action.edit.set(document.uri, toTextEdits(document, edits));
    action.diagnostics = [diagnostic];
    action.isPreferred = isPreferred;
    return action;
  });
}

/** Brings a net of an old form into the present one. */
export class Upgrades implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.RefactorRewrite];

  constructor(private readonly documents: Documents) {}

  provideCodeActions(document: vscode.TextDocument): vscode.CodeAction[] {
    const upgrade = upgradeEdit(this.documents.analysisOf(document));
    if (upgrade === undefined) return [];
    const action = new vscode.CodeAction(
      'Upgrade this net to the present form',
      vscode.CodeActionKind.RefactorRewrite,
    );
    action.edit = new vscode.WorkspaceEdit();
    action.edit.set(document.uri, toTextEdits(document, [upgrade]));
    return [action];
  }
}
