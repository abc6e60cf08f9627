import * as vscode from 'vscode';
import type { Family, Finding, FindingSeverity } from '../diagnostics/finding';

const severities: Readonly<Record<FindingSeverity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

type Choice = FindingSeverity | 'default' | 'off';

/** How findings are shown, as the user's settings have it. */
export class Severities {
  private readonly settings: vscode.WorkspaceConfiguration;

  constructor(uri: vscode.Uri) {
    this.settings = vscode.workspace.getConfiguration('ristretto.diagnostics', uri);
  }

  /** Whether findings of a family are shown at all. */
  isShown(family: Family): boolean {
    return this.choice(family) !== 'off';
  }

  /** Undefined for a finding that is not to be shown. */
  severityOf({ family, severity }: Finding): vscode.DiagnosticSeverity | undefined {
    const choice = this.choice(family);
    if (choice === 'off') return undefined;
    return severities[choice === 'default' ? severity : choice];
  }

  private choice(family: Family): Choice {
    const choice = this.settings.get<string>(family, 'default');
    const isKnown = choice === 'off' || Object.hasOwn(severities, choice);
    return isKnown ? (choice as Choice) : 'default';
  }
}
