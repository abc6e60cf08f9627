import type { SourceRange, SourceText } from './source';
import { UserError } from '../base/userError';

/** Errors keep a file from being used; warnings do not. */
export type Severity = 'error' | 'warning';

/** Something to tell the user about a place in a source text. */
export interface Diagnostic {
  readonly severity: Severity;
  /** Stable identifier, e.g. `syntax/expected-value` or `schema/unknown-field`. */
  readonly code: string;
  /** One line, without the place. */
  readonly message: string;
  readonly range: SourceRange;
  /** The field of a message that it is about, where it is about one. */
  readonly subject?: DiagnosticSubject;
}

/** A field as the schema sees it. */
export interface DiagnosticSubject {
  /** Type of the message that holds it, where that was looked at. */
  readonly message?: string;
  readonly field: string;
  /** Of a word that nobody knows, the known one that it may be meant for. */
  readonly nearest?: string | undefined;
}

/** Collects what one pass over a source text finds. */
export class DiagnosticList {
  readonly items: Diagnostic[] = [];

  error(code: string, message: string, range: SourceRange, subject?: DiagnosticSubject): void {
    this.items.push({ severity: 'error', code, message, range, ...(subject && { subject }) });
  }

  warning(code: string, message: string, range: SourceRange, subject?: DiagnosticSubject): void {
    this.items.push({ severity: 'warning', code, message, range, ...(subject && { subject }) });
  }
}

/** `file:line:column: message`, the form compilers print. */
export function formatDiagnostic(source: SourceText, diagnostic: Diagnostic): string {
  const { line, column } = source.positionAt(diagnostic.range.start);
  return `${source.path}:${line}:${column}: ${diagnostic.message}`;
}

/** The error to throw where a diagnostic must stop the work. */
export function diagnosticError(source: SourceText, diagnostic: Diagnostic): UserError {
  const place = { file: source.path, ...source.positionAt(diagnostic.range.start) };
  return new UserError(diagnostic.code, diagnostic.message, place);
}

/**
 * Stops at the first diagnostic of severity `error`, in file order.
 * @throws UserError with the file, line and column.
 */
export function throwOnError(source: SourceText, diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const first = errors.sort((a, b) => a.range.start - b.range.start)[0];
  if (first !== undefined) throw diagnosticError(source, first);
}
