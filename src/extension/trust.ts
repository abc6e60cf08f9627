import * as vscode from 'vscode';
import { UserError } from '../base/userError';

/**
 * Everything that runs native code on files of the workspace asks this first, buttons of a page that VS
 * Code brought back included.
 *
 * @throws UserError in a workspace that is not trusted
 */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserError(
    'workspace/untrusted',
    'Ristretto reads nets and weights only in a trusted workspace: choose Manage Workspace Trust',
  );
}
