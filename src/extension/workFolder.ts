import path from 'node:path';
import * as vscode from 'vscode';

/** First folder that paths in a prototxt are relative to: the workspace's root. */
export function workFolder(uri: vscode.Uri): string {
  return vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? path.dirname(uri.fsPath);
}
