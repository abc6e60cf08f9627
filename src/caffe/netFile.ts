import { readFileSync, statSync } from 'node:fs';
import { bindMessage, type Bound } from '../prototxt/bind';
import { throwOnError, type Diagnostic } from '../prototxt/diagnostic';
import { decodeText, type TextEncoding } from '../prototxt/encoding';
import { parsePrototxt } from '../prototxt/parse';
import { systemReason } from '../prototxt/reason';
import { SourceText, type SourceRange } from '../prototxt/source';
import type { MessageNode } from '../prototxt/tree';
import { UserError, type ErrorPlace } from '../prototxt/userError';
import { caffeSchema } from './caffeSchema';
import { definitionsIn } from './netDefinitions';
import type { NetParameter } from './schema';

/** A net definition as read: its text, its tree and the message bound to the schema. */
export interface NetFile {
  readonly source: SourceText;
  readonly root: MessageNode;
  readonly bound: Bound<NetParameter>;
  /** Unknown fields and the like: worth saying, no reason to stop. */
  readonly warnings: readonly Diagnostic[];
  /** The net's part of a file that defines several; the rest of the source is blank then. */
  readonly section: SourceRange | undefined;
  /** How its bytes became text: what is written from it goes back the same way. */
  readonly encoding: TextEncoding;
}

/** Which net of a file that defines several, from 0. */
export interface NetChoice {
  readonly netIndex?: number | undefined;
}

/**
 * Reads a `.prototxt` net definition.
 *
 * @throws UserError when the file cannot be read, has a syntax error, does not fit the schema, or
 * does not have the net that was chosen, or several and none was; it names file, line and column of
 * the first error.
 */
export function readNetFile(path: string, choice: NetChoice = {}): NetFile {
  const { text, encoding } = decodeText(readBytes(path));
  return parseNetFile(new SourceText(path, text), choice, encoding);
}

/** Like {@link readNetFile}, for text that is already in memory. */
export function parseNetFile(
  whole: SourceText,
  choice: NetChoice = {},
  encoding: TextEncoding = 'utf8',
): NetFile {
  refuseBinary(whole);
  const { source, section } = chooseNet(whole, choice);
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
  return { source, root, bound, warnings, section, encoding };
}

/** The place of a range in a file, as errors name it. */
export function placeOf(source: SourceText, range: SourceRange | undefined): ErrorPlace {
  if (range === undefined) return { file: source.path };
  return { file: source.path, ...source.positionAt(range.start) };
}

/** The text of one net, in its place: other nets are blanked, so that all positions stay right. */
function chooseNet(
  source: SourceText,
  { netIndex }: NetChoice,
): { readonly source: SourceText; readonly section: SourceRange | undefined } {
  const { root, diagnostics } = parsePrototxt(source);
  const nets = definitionsIn(source.text, root);
  if (nets.length <= 1 && (netIndex ?? 0) === 0) return { source, section: undefined };
  const names = nets.map(({ name, anchor }) => {
    const { line } = source.positionAt(anchor);
    return `${name === '' ? 'one without a name' : `"${name}"`} (line ${line})`;
  });
  const net = nets[netIndex ?? -1];
  if (net === undefined) {
    throwOnError(source, diagnostics);
    throw new UserError(
      netIndex === undefined ? 'net/several' : 'net/no-such-net',
      netIndex === undefined
        ? `this file defines ${nets.length} nets: ${names.join(', ')}; choose one with --net=1 to ` +
            `--net=${nets.length}`
        : `there is no net ${netIndex + 1} in this file (--net=${netIndex + 1}), which defines ` +
            `${nets.length}: ${names.join(', ')}`,
      { file: source.path },
    );
  }
  const { text, path } = source;
  const { start, end } = net.range;
  const blank = (part: string): string => part.replace(/[^\r\n]/g, ' ');
  const kept = blank(text.slice(0, start)) + text.slice(start, end) + blank(text.slice(end));
  return { source: new SourceText(path, kept), section: net.range };
}

function readBytes(path: string): Uint8Array {
  try {
    // Before opening: to open a pipe would block.
    const stats = statSync(path);
    if (!stats.isFile() && !stats.isDirectory()) {
      throw new UserError('net/unreadable', 'this is no ordinary file: give a net definition', {
        file: path,
      });
    }
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(
      'net/unreadable',
      `cannot read the net definition (${systemReason(cause)})`,
      { file: path },
      { cause },
    );
  }
}

/** Mixing up the two files is easy, and a syntax error would not tell. */
function refuseBinary(source: SourceText): void {
  const start = source.text.slice(0, 1024);
  const isControl = (c: string): boolean => c < ' ' && !'\t\n\v\f\r'.includes(c);
  if (![...start].some(isControl)) return;
  // The byte order marks of UTF-16, as they look byte by byte.
  if (/^(\xff\xfe|\xfe\xff)/.test(start)) {
    throw new UserError('net/utf-16', 'this file is in UTF-16: save it as UTF-8', {
      file: source.path,
    });
  }
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
