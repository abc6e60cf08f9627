import * as vscode from 'vscode';
import { inlayHints } from '../inlayHints';
import { toSourceRange } from './convert';
import { isOfThePast, type Documents } from './documents';

class ShapeHint extends vscode.InlayHint {
  constructor(
    position: vscode.Position,
    text: string,
    readonly describe: () => string,
  ) {
    super(position, text);
    this.paddingLeft = true;
  }
}

/** The shape of every top behind its name. */
export class ShapeHints implements vscode.InlayHintsProvider<ShapeHint>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable;
  readonly onDidChangeInlayHints = this.changed.event;

  constructor(private readonly documents: Documents) {
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      documents.onDidLearn(() => this.changed.fire()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('ristretto.inlayHints')) this.changed.fire();
      }),
    );
  }

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range): ShapeHint[] {
    const settings = vscode.workspace.getConfiguration('ristretto.inlayHints', document.uri);
    if (!settings.get<boolean>('shapes', true)) return [];
    const analysis = this.documents.analysisOf(document);
    return inlayHints(analysis, toSourceRange(document, range), !isOfThePast(document)).map(
      ({ offset, text, tooltip }) => new ShapeHint(document.positionAt(offset), text, tooltip),
    );
  }

  resolveInlayHint(hint: ShapeHint): ShapeHint {
    hint.tooltip = new vscode.MarkdownString(hint.describe());
    return hint;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }
}
