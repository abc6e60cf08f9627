import * as vscode from 'vscode';
import { completionsAt, type CompletionItem, type Completions } from '../completion';
import { completePath, type FolderEntry, type PathItem } from '../pathCompletion';
import { toRange } from './convert';
import type { Documents } from './documents';
import { mayReadFiles, startFolders } from './filePlaces';

const kinds: Readonly<Record<CompletionItem['kind'], vscode.CompletionItemKind>> = {
  field: vscode.CompletionItemKind.Field,
  message: vscode.CompletionItemKind.Struct,
  value: vscode.CompletionItemKind.EnumMember,
  blob: vscode.CompletionItemKind.Variable,
  type: vscode.CompletionItemKind.Class,
  snippet: vscode.CompletionItemKind.Snippet,
};

const offerMore: vscode.Command = {
  command: 'editor.action.triggerSuggest',
  title: 'Offer values',
};

/** Fields, values, blobs, whole layers and files, as the place has it. */
export class PrototxtCompletions implements vscode.CompletionItemProvider {
  /** A blank ends a name and its colon, a slash goes on into a folder. */
  static readonly triggers = ['"', "'", '/', ' '];

  constructor(private readonly documents: Documents) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    _token: vscode.CancellationToken,
    { triggerCharacter }: vscode.CompletionContext,
  ): Promise<vscode.CompletionItem[] | undefined> {
    const analysis = this.documents.analysisOf(document);
    const found = completionsAt(analysis, document.offsetAt(position));
    if (found === undefined) return undefined;
    // A blank is typed in many places: only behind a colon is it a question.
    if (triggerCharacter === ' ' && !found.isValue) return undefined;
    if (triggerCharacter === '/' && found.path === undefined) return undefined;
    const range = toRange(document, found.range);
    const items = found.items.map((item) => toItem(item, range));
    if (found.path === undefined || !mayReadFiles(document)) return items;
    return [...items, ...(await pathItems(document, found.path, range))];
  }
}

function toItem(item: CompletionItem, range: vscode.Range): vscode.CompletionItem {
  const completion = new vscode.CompletionItem(
    item.detail === '' ? item.label : { label: item.label, description: item.detail },
    kinds[item.kind],
  );
  completion.range = range;
  completion.insertText = item.isSnippet
    ? new vscode.SnippetString(item.insertText)
    : item.insertText;
  // What stands in the range is compared with this: a word that gets quotes keeps matching.
  completion.filterText = item.insertText.startsWith('"') ? item.insertText : item.label;
  completion.sortText = item.sortText;
  if (item.documentation !== '') {
    completion.documentation = new vscode.MarkdownString(item.documentation);
  }
  if (item.leadsOn) completion.command = offerMore;
  return completion;
}

async function pathItems(
  document: vscode.TextDocument,
  { typed, field, inString }: NonNullable<Completions['path']>,
  range: vscode.Range,
): Promise<vscode.CompletionItem[]> {
  const items = await completePath(typed, field, startFolders(document), listFolder);
  return items.map((item) => pathItem(item, inString, range));
}

function pathItem(
  { path, name, isFolder, sortText }: PathItem,
  inString: boolean,
  range: vscode.Range,
): vscode.CompletionItem {
  const { File, Folder } = vscode.CompletionItemKind;
  const completion = new vscode.CompletionItem(name, isFolder ? Folder : File);
  completion.range = range;
  completion.insertText = inString ? path : JSON.stringify(path);
  completion.filterText = completion.insertText;
  completion.sortText = sortText;
  if (path.endsWith('/')) completion.command = offerMore;
  return completion;
}

async function listFolder(folder: string): Promise<FolderEntry[]> {
  const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.file(folder)).then(
    (found) => found,
    // A folder that is not there has nothing to offer.
    () => [],
  );
  return entries.map(([name, type]) => ({
    name,
    isFolder: (type & vscode.FileType.Directory) !== 0,
  }));
}
