import type { SourceRange } from '../prototxt/source';
import type { MessageNode, ScalarNode } from '../prototxt/tree';
import type { Analysis } from './analysis';

/** A path that a document gives, of a file or folder that should exist. */
export interface FileReference {
  readonly path: string;
  /** The field that gives it, such as `source`. */
  readonly field: string;
  /** With its quotes. */
  readonly range: SourceRange;
}

/** Fields of layers that name data; `meanfile` is V0. */
const layerFields: ReadonlySet<string> = new Set([
  'source',
  'mean_file',
  'meanfile',
  'root_folder',
]);
/** Fields of solvers that name nets and weights. */
const solverFields: ReadonlySet<string> = new Set(['net', 'train_net', 'test_net', 'weights']);

/** Whether the value of a field is the path of something that exists already. */
export function isFileField(field: string, isSolverRoot: boolean): boolean {
  return layerFields.has(field) || (isSolverRoot && solverFields.has(field));
}

/** Every path of a document, in file order; none in a document of an unknown kind. */
export function fileReferences({ root, kind }: Analysis): readonly FileReference[] {
  if (kind === 'other') return [];
  const found: FileReference[] = [];
  collect(root, kind === 'solver', found);
  return found;
}

function collect(message: MessageNode, isSolverRoot: boolean, found: FileReference[]): void {
  for (const { name, values } of message.fields) {
    for (const value of values) {
      if (value.kind === 'message') collect(value, false, found);
      else if (isFileField(name, isSolverRoot)) add(value, name, found);
    }
  }
}

function add(value: ScalarNode, field: string, found: FileReference[]): void {
  if (value.form !== 'string' || value.value === '') return;
  // Weights may be several, with commas between.
  if (field === 'weights' && value.value.includes(',')) return;
  found.push({ path: value.value, field, range: value.range });
}
