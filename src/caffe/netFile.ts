import { readFileSync } from 'node:fs';
import { bindMessage, type Bound } from '../prototxt/bind';
import { throwOnError, type Diagnostic } from '../prototxt/diagnostic';
import { parsePrototxt } from '../prototxt/parse';
import { SourceText, type SourceRange } from '../prototxt/source';
import type { MessageNode } from '../prototxt/tree';
import { UserError, type ErrorPlace } from '../prototxt/userError';
import { caffeSchema } from './caffeSchema';
import type { NetParameter } from './schema';

/** A net definition as read: its text, its tree and the message bound to the schema. */
export interface NetFile {
  readonly source: SourceText;
  readonly root: MessageNode;
  readonly bound: Bound<NetParameter>;
  /** Unknown fields and the like: worth saying, no reason to stop. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Reads a `.prototxt` net definition.
 *
 * @throws UserError when the file cannot be read, has a syntax error or does not fit the schema;
 * it names file, line and column of the first error.
 */
export function readNetFile(path: string): NetFile {
  return parseNetFile(new SourceText(path, readText(path)));
}

/** Like {@link readNetFile}, for text that is already in memory. */
export function parseNetFile(source: SourceText): NetFile {
  refuseBinary(source);
  const { root, diagnostics: syntax } = parsePrototxt(source);
  throwOnError(source, syntax);
  refuseOldVersion(source, root);
  const bound = bindMessage<NetParameter>(root, caffeSchema, 'NetParameter');
  throwOnError(source, bound.diagnostics);
  if (bound.message.layer.length === 0) {
    throw new UserError(
      'net/no-layers',
      'there is no layer in this file: give a net definition (a train_val or deploy prototxt), ' +
        'not a solver',
      { file: source.path },
    );
  }
  const warnings = [...syntax, ...bound.diagnostics].filter((d) => d.severity === 'warning');
  return { source, root, bound, warnings };
}

/** The place of a range in a file, as errors name it. */
export function placeOf(source: SourceText, range: SourceRange | undefined): ErrorPlace {
  if (range === undefined) return { file: source.path };
  return { file: source.path, ...source.positionAt(range.start) };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UserError(
      'net/unreadable',
      `cannot read the net definition (${reason(cause)})`,
      {
        file: path,
      },
      { cause },
    );
  }
}

function reason(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause) {
    if (cause.code === 'ENOENT') return 'there is no such file';
    if (cause.code === 'EISDIR') return 'it is a folder';
    if (cause.code === 'EACCES') return 'no permission';
  }
  return cause instanceof Error ? cause.message : String(cause);
}

/** Mixing up the two files is easy, and a syntax error would not tell. */
function refuseBinary(source: SourceText): void {
  const isControl = (c: string): boolean =>
    (c < ' ' && !'\t\n\v\f\r'.includes(c)) || c === '\ufffd';
  if (![...source.text.slice(0, 1024)].some(isControl)) return;
  throw new UserError(
    'net/binary',
    'this is a binary file and no net definition: give the prototxt here and a caffemodel as weights',
    { file: source.path },
  );
}

/** Before binding: layers of old files would fail on the names of their types. */
function refuseOldVersion(source: SourceText, root: MessageNode): void {
  const old = root.fields.find(({ name }) => name === 'layers');
  if (old === undefined || root.fields.some(({ name }) => name === 'layer')) return;
  throw new UserError(
    'net/old-version',
    'this net uses the old `layers { ... }` form (V0/V1), which cannot be read yet: upgrade it ' +
      "with Caffe's upgrade_net_proto_text",
    placeOf(source, old.range),
  );
}
