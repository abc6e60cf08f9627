import * as vscode from 'vscode';
import { documentLinks } from '../documentLinks';
import { toRange } from './convert';
import type { Documents } from './documents';
import { mayReadFiles, placesOfPath } from './filePlaces';

/** Paths that a document gives of files that are there: a click opens them. */
export class FileLinks implements vscode.DocumentLinkProvider {
  constructor(private readonly documents: Documents) {}

  async provideDocumentLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    if (!mayReadFiles(document)) return [];
    const found = documentLinks(this.documents.analysisOf(document));
    const links = await Promise.all(
      found.map(async ({ path, range }) => {
        const place = await firstFile(placesOfPath(document, path));
        return place && new vscode.DocumentLink(toRange(document, range), place);
      }),
    );
    return links.filter((link) => link !== undefined);
  }
}

/** A folder, as a database is, opens in no editor. */
async function firstFile(places: readonly string[]): Promise<vscode.Uri | undefined> {
  for (const place of places) {
    const uri = vscode.Uri.file(place);
    const type = await vscode.workspace.fs.stat(uri).then(
      (found) => found.type,
      () => undefined,
    );
    if (type !== undefined && (type & vscode.FileType.File) !== 0) return uri;
  }
  return undefined;
}
