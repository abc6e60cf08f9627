import * as vscode from 'vscode';
import { isLocalPath } from '../localPaths';
import { foldersOf, placesOf, type SourceRoots } from '../../data/findSource';

/** Whether files that a document names may be looked at: not without trust, not off this machine. */
export function mayReadFiles({ uri }: vscode.TextDocument): boolean {
  return vscode.workspace.isTrusted && uri.scheme === 'file';
}

/** Absolute paths that a path of a document may mean, in order; none for one that is not looked up. */
export function placesOfPath(document: vscode.TextDocument, path: string): string[] {
  if (!isLocalPath(path)) return [];
  // Relative paths climb as well.
  return placesOf(path, rootsOf(document)).filter((place) => isSafeFrom(document, place));
}

/** What lies on another machine together with the document is where its user works. */
function isSafeFrom({ uri }: vscode.TextDocument, place: string): boolean {
  return uri.authority !== '' || isLocalPath(place);
}

/** Folders that the paths of a document start at, in order. */
export function startFolders(document: vscode.TextDocument): string[] {
  return foldersOf(rootsOf(document));
}

function rootsOf({ uri }: vscode.TextDocument): SourceRoots {
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath;
  const prototxtPath = uri.fsPath;
  const settings = vscode.workspace.getConfiguration('ristretto', uri);
  const caffeRoot = settings.get<string>('caffeRoot', '').trim();
  const cwd = folder ?? vscode.Uri.joinPath(uri, '..').fsPath;
  return { cwd, prototxtPath, ...(caffeRoot === '' ? undefined : { caffeRoot }) };
}
