import * as vscode from 'vscode';
import { SourceText } from '../../prototxt/source';
import { Analysis } from '../analysis';
import { databaseSources, firstImageSize } from '../databaseImages';
import type { ImageSize } from '../dataTops';
import { placesOfPath, mayReadFiles } from './filePlaces';

/** The documents that the language is for, wherever they are kept. */
export const selector: vscode.DocumentSelector = { language: 'prototxt' };

export function isPrototxt(document: vscode.TextDocument): boolean {
  return document.languageId === 'prototxt';
}

/** Texts of the past, as the diff editor shows them. */
const pastSchemes: ReadonlySet<string> = new Set(['git', 'ristretto-run', 'output']);

/** Whether a document shows a text that was: it is not put right, and its data are not at hand. */
export function isOfThePast({ uri }: vscode.TextDocument): boolean {
  return pastSchemes.has(uri.scheme);
}

interface Known {
  readonly version: number;
  readonly analysis: Analysis;
}

/** The analysis of each open document, made once for each version of its text. */
export class Documents implements vscode.Disposable {
  private readonly known = new Map<string, Known>();
  /** What was found out of databases, by absolute path; undefined for those that told nothing. */
  private readonly images = new Map<string, ImageSize | undefined>();
  private readonly learned = new vscode.EventEmitter<vscode.TextDocument>();
  private readonly closing: vscode.Disposable;
  /** More is known of a document than its text says: shapes have to be shown again. */
  readonly onDidLearn = this.learned.event;

  constructor() {
    this.closing = vscode.workspace.onDidCloseTextDocument(({ uri }) =>
      this.known.delete(uri.toString()),
    );
  }

  analysisOf(document: vscode.TextDocument): Analysis {
    const key = document.uri.toString();
    const known = this.known.get(key);
    if (known?.version === document.version) return known.analysis;
    const source = new SourceText(document.fileName, document.getText());
    const analysis = this.withImages(document, new Analysis(source));
    this.known.set(key, { version: document.version, analysis });
    return analysis;
  }

  /** Looks into databases that the document names and that were not looked into before. */
  learnImages(document: vscode.TextDocument): void {
    if (!mayReadFiles(document)) return;
    const analysis = this.analysisOf(document);
    let isNew = false;
    for (const place of databaseSources(analysis).flatMap((path) => placesOfPath(document, path))) {
      if (this.images.has(place)) continue;
      const size = firstImageSize(place);
      this.images.set(place, size);
      isNew ||= size !== undefined;
    }
    if (!isNew) return;
    const key = document.uri.toString();
    this.known.set(key, {
      version: document.version,
      analysis: this.withImages(document, analysis),
    });
    this.learned.fire(document);
  }

  dispose(): void {
    this.closing.dispose();
    this.learned.dispose();
  }

  private withImages(document: vscode.TextDocument, analysis: Analysis): Analysis {
    if (this.images.size === 0 || !mayReadFiles(document)) return analysis;
    const found = new Map<string, ImageSize>();
    for (const path of databaseSources(analysis)) {
      const sizes = placesOfPath(document, path).map((place) => this.images.get(place));
      const size = sizes.find((one) => one !== undefined);
      if (size !== undefined) found.set(path, size);
    }
    return found.size === 0 ? analysis : analysis.withImages(found);
  }
}
