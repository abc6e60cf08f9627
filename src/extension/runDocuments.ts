import path from 'node:path';
import * as vscode from 'vscode';
import { compareRuns } from '../runs/view/compareRuns';
import { runTexts } from '../runs/runDiff';
import type { RunController } from '../runs/runController';
import type { RunRecord } from '../runs/runRecord';
import type { RunStore } from '../runs/runStore';
import type { ScoreFiles } from '../runs/scoreFiles';

/**
 * Read-only documents of what is kept. The query says which: `id&before`, `id&after`, with the index of
 * another net of a best search in the end; `compare&id&id`; `score&id`. They are files and not contents
 * that somebody provides, since VS Code starts the extension for files when it brings editors back.
 */
const scheme = 'ristretto-run';

type Side = 'before' | 'after';

/** Where the documents' texts come from. */
export interface KeptTexts {
  readonly runs: RunController;
  readonly store: RunStore;
  readonly scores: ScoreFiles;
}

/** Serves the texts of kept runs and scores to VS Code's editors. */
export function registerRunDocuments(kept: KeptTexts): vscode.Disposable {
  return vscode.workspace.registerFileSystemProvider(scheme, new KeptFiles(kept), {
    isReadonly: true,
    isCaseSensitive: true,
  });
}

class KeptFiles implements vscode.FileSystemProvider {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;

  constructor(private readonly kept: KeptTexts) {}

  stat(uri: vscode.Uri): vscode.FileStat {
    const size = this.readFile(uri).byteLength;
    // What is kept never changes.
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const text = this.textOf(uri.query.split('&'));
    if (text === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return Buffer.from(text);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  private textOf([first = '', second = '', third]: readonly string[]): string | undefined {
    const { runs, store, scores } = this.kept;
    if (first === 'score') return scores.read(second);
    if (first === 'compare') {
      const [a, b] = [runs.find(second), runs.find(third ?? '')];
      return a === undefined || b === undefined ? undefined : compareRuns(a, b, Date.now());
    }
    const record = runs.find(first);
    const selected = third === undefined ? undefined : Number(third);
    const texts = record === undefined ? undefined : runTexts(record, store, selected);
    return second === 'before' ? texts?.before : texts?.after;
  }
}

/** Opens VS Code's own diff editor on what a run changes. */
export async function openRunDiff(record: RunRecord, selected: number | undefined): Promise<void> {
  const { request } = record;
  const uri = (file: string, side: Side): vscode.Uri =>
    documentUri(path.basename(file), [
      record.id,
      side,
      ...(selected === undefined ? [] : [String(selected)]),
    ]);
  await vscode.commands.executeCommand(
    'vscode.diff',
    uri(request.model, 'before'),
    uri(request.output, 'after'),
    `${path.basename(request.model)} ↔ ${path.basename(request.output)}`,
  );
}

/** Opens two runs side by side. */
export async function openComparison(a: RunRecord, b: RunRecord): Promise<vscode.TextEditor> {
  const [earlier, later] = a.startedAt <= b.startedAt ? [a, b] : [b, a];
  const name = path.parse(later.request.model).name;
  return openText(documentUri(`${name}, two runs.txt`, ['compare', earlier.id, later.id]));
}

/** Opens the result of scoring a net. */
export async function openScore(model: string, id: string): Promise<vscode.TextEditor> {
  return openText(documentUri(`${path.parse(model).name}, score.txt`, ['score', id]));
}

async function openText(uri: vscode.Uri): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(uri);
  return vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.Beside,
    preview: false,
    preserveFocus: true,
  });
}

function documentUri(name: string, query: readonly string[]): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${name}`, query: query.join('&') });
}
