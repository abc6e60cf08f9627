import * as vscode from 'vscode';
import { shown } from '../../base/shown';
import { diagnose } from '../diagnostics/diagnose';
import type { Finding } from '../diagnostics/finding';
import { sourceFindings } from '../diagnostics/sources';
import { toRange } from './convert';
import { isOfThePast, isPrototxt, type Documents } from './documents';
import { mayReadFiles, placesOfPath } from './filePlaces';
import { Severities } from './severities';

/** How long the keyboard must rest before a document is looked at again, in milliseconds. */
const restTime = 200;

/** Shows what is wrong with the open documents, a little after each change. */
export class Problems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('ristretto');
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly documents: Documents) {
    const { workspace } = vscode;
    this.subscriptions = vscode.Disposable.from(
      this.collection,
      workspace.onDidOpenTextDocument((document) => this.schedule(document, 0)),
      workspace.onDidChangeTextDocument(({ document }) => this.schedule(document, restTime)),
      workspace.onDidCloseTextDocument((document) => this.forget(document)),
      // Files that were missing may be there now.
      workspace.onDidSaveTextDocument((document) => this.schedule(document, 0)),
      workspace.onDidGrantWorkspaceTrust(() => this.scheduleAll()),
      workspace.onDidChangeConfiguration((change) => {
        const sections = ['ristretto.diagnostics', 'ristretto.caffeRoot'];
        if (sections.some((section) => change.affectsConfiguration(section))) this.scheduleAll();
      }),
    );
    this.scheduleAll();
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.subscriptions.dispose();
  }

  private scheduleAll(): void {
    for (const document of vscode.workspace.textDocuments) this.schedule(document, 0);
  }

  private schedule(document: vscode.TextDocument, delay: number): void {
    if (!isPrototxt(document) || isOfThePast(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    const run = (): void => {
      this.timers.delete(key);
      void this.show(document);
    };
    this.timers.set(key, setTimeout(run, delay));
  }

  private forget({ uri }: vscode.TextDocument): void {
    const key = uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.collection.delete(uri);
  }

  private async show(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    this.documents.learnImages(document);
    const analysis = this.documents.analysisOf(document);
    const severities = new Severities(document.uri);
    const findings = diagnose(analysis);
    this.publish(document, findings, severities);
    if (!severities.isShown('sources') || !mayReadFiles(document)) return;
    const sources = await sourceFindings(analysis, {
      placesOf: (path) => placesOfPath(document, path),
      exists: fileExists,
    });
    // Meanwhile the text may have changed or gone: then another round is under way.
    const isStale = document.isClosed || document.version !== version;
    if (!isStale && sources.length > 0)
      this.publish(document, [...findings, ...sources], severities);
  }

  private publish(
    document: vscode.TextDocument,
    findings: readonly Finding[],
    severities: Severities,
  ): void {
    const diagnostics = findings.flatMap((finding) => {
      const severity = severities.severityOf(finding);
      return severity === undefined ? [] : [toDiagnostic(document, finding, severity)];
    });
    this.collection.set(document.uri, diagnostics);
  }
}

function toDiagnostic(
  document: vscode.TextDocument,
  { message, range, code, family, related }: Finding,
  severity: vscode.DiagnosticSeverity,
): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toRange(document, range), shown(message), severity);
  diagnostic.source = 'ristretto';
  diagnostic.code = code;
  if (family === 'unused') diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  if (related !== undefined) {
    const place = new vscode.Location(document.uri, toRange(document, related.range));
    diagnostic.relatedInformation = [
      new vscode.DiagnosticRelatedInformation(place, shown(related.message)),
    ];
  }
  return diagnostic;
}

async function fileExists(place: string): Promise<boolean> {
  return vscode.workspace.fs.stat(vscode.Uri.file(place)).then(
    () => true,
    (cause: unknown) => {
      if (cause instanceof vscode.FileSystemError && cause.code === 'FileNotFound') return false;
      // What may not be looked at is there, as far as anybody knows.
      return true;
    },
  );
}
