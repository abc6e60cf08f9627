import { bindMessage, type Bound } from '../prototxt/bind';
import { throwOnError, type Diagnostic } from '../prototxt/diagnostic';
import { decodeText, type TextEncoding } from '../prototxt/encoding';
import { parsePrototxt } from '../prototxt/parse';
import { readInputFile, type FileKind } from '../base/inputFile';
import { SourceText, type SourceRange } from '../prototxt/source';
import type { FieldNode, MessageNode } from '../prototxt/tree';
import { ifOffered, inFlags, option, words } from '../base/words';
import { UserError, type ErrorPlace } from '../base/userError';
import { caffeSchema } from './caffeSchema';
import { forkOfValue } from './forkFields';
import { definitionsIn } from './netDefinitions';
import type { NetParameter } from './schema';
import { ignoredTransformations } from './upgrade/ignoredTransformations';
import { oldTypeName, presentType } from './upgrade/oldTypes';
import { isOldNet, rangeMover, upgradeNet } from './upgrade/upgradeNet';

/**
 * A net definition as read: its text, its tree and the message bound to the schema. One of an old
 * form (V0, V1) comes in the present form.
 */
export interface NetFile {
  /** The text, upgraded where it was of an old form: every line is where the user has it. */
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

/** The largest public definitions have less than 1 MB; to parse 64 takes most of a minute. */
export const netFileKind: FileKind = {
  code: 'net',
  name: 'net definition',
  give: 'a net definition (.prototxt)',
  mostBytes: 2 ** 26,
};

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
  const { text, encoding } = decodeText(readInputFile(path, netFileKind));
  return parseNetFile(new SourceText(path, text), choice, encoding);
}

/** Like {@link readNetFile}, for text that is already in memory. */
export function parseNetFile(
  whole: SourceText,
  choice: NetChoice = {},
  encoding: TextEncoding = 'utf8',
): NetFile {
  refuseBinary(whole);
  const chosen = chooseNet(whole, choice);
  const { source, root, bound, section, diagnostics } = upgradeOld(chosen, bindText(chosen.source));
  if (bound.message.layer.length === 0) {
    throw new UserError(
      'net/no-layers',
      'there is no layer in this file: give a net definition (a train_val or deploy prototxt), ' +
        'not a solver',
      { file: source.path },
    );
  }
  const warnings = [...diagnostics, ...ignoredTransformations(bound)];
  return { source, root, bound, warnings, section, encoding };
}

/** A text that was read, with its warnings. */
interface BoundText {
  readonly source: SourceText;
  readonly root: MessageNode;
  readonly bound: Bound<NetParameter>;
  readonly diagnostics: readonly Diagnostic[];
}

function bindText(source: SourceText): BoundText {
  const { root, diagnostics: syntax } = parsePrototxt(source);
  throwOnError(source, syntax);
  const bound = bindMessage<NetParameter>(root, caffeSchema, 'NetParameter');
  const found = bound.diagnostics.map((diagnostic): Diagnostic =>
    isLayersOwn(root, diagnostic)
      ? { ...diagnostic, severity: 'warning', message: `${diagnostic.message} (ignored)` }
      : diagnostic,
  );
  throwOnError(
    source,
    found.map((diagnostic) => withForm(source, diagnostic)),
  );
  return { source, root, bound, diagnostics: [...syntax, ...found] };
}

/**
 * Whether a value that an enum does not have stands in the settings of a layer. That keeps only nets
 * from being used that the layer takes part in, and not all of these: a fork's `engine` does no harm.
 */
function isLayersOwn(root: MessageNode, { code, range: { start } }: Diagnostic): boolean {
  if (code !== 'schema/unknown-enum-value') return false;
  const holds = ({ range }: FieldNode): boolean => range.start <= start && start < range.end;
  const layer = root.fields.find(holds);
  const settings = layer?.values
    .flatMap((value) => (value.kind === 'message' ? value.fields : []))
    .find(holds);
  return settings?.name.endsWith('_param') ?? false;
}

/** Types were words without quotes in V1 files, under `layers`; they are strings under `layer`. */
function withForm({ text }: SourceText, diagnostic: Diagnostic): Diagnostic {
  const { code, message, range, subject } = diagnostic;
  if (subject?.field !== 'type') return diagnostic;
  const word = text.slice(range.start, range.end).replace(/^["']|["']$/g, '');
  if (code === 'schema/unknown-enum-value') {
    if (subject.nearest !== undefined && !isForksV1Type(word)) return diagnostic;
    return { ...diagnostic, message: foreignV1Type(word) };
  }
  if (code !== 'schema/wrong-type') return diagnostic;
  const isOld = /^["']/.test(text.slice(range.start, range.start + 1));
  const other = isOld ? oldTypeName(word) : presentType(word);
  const hint = isOld
    ? `"layers" is the old form and takes ${other === undefined ? 'a word' : other} without quotes; ` +
      'or write "layer", which takes the type in quotes'
    : `"layer" takes the type in quotes, as type: "${other ?? word}"`;
  return { ...diagnostic, message: `${message}: ${hint}` };
}

function isForksV1Type(word: string): boolean {
  return forkOfValue('V1LayerParameter', 'type', word) !== undefined;
}

/** Forks gave words of their own to layers that Caffe's "layers" form does not have. */
function foreignV1Type(word: string): string {
  return (
    `layer type ${word} is not supported under "layers", Caffe's old form, which does not have it: ` +
    `write the layer as "layer" with the type in quotes, by the name that its fork gives it there`
  );
}

/** A net of an old form is read as itself first, so that errors tell what the user wrote. */
function upgradeOld(chosen: ChosenNet, old: BoundText): BoundText & Pick<NetFile, 'section'> {
  const { section } = chosen;
  if (!isOldNet(old.root)) return { ...old, section };
  const { source, note } = upgradeNet({ ...old, ...old.bound });
  const move = rangeMover(old.source, source);
  const diagnostics = [note, ...old.diagnostics].map((d) => ({ ...d, range: move(d.range) }));
  // What stands before and behind the chosen net is blank and stays as it is.
  const grown = source.text.length - old.source.text.length;
  return {
    ...bindText(source),
    diagnostics,
    section: section === undefined ? undefined : { start: section.start, end: section.end + grown },
  };
}

/** The place of a range in a file, as errors name it. */
export function placeOf(source: SourceText, range: SourceRange | undefined): ErrorPlace {
  if (range === undefined) return { file: source.path };
  return { file: source.path, ...source.positionAt(range.start) };
}

interface ChosenNet {
  readonly source: SourceText;
  readonly section: SourceRange | undefined;
}

/** The text of one net, in its place: other nets are blanked, so that all positions stay right. */
function chooseNet(source: SourceText, { netIndex }: NetChoice): ChosenNet {
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
        ? words`this file defines ${String(nets.length)} nets: ${names.join(', ')}; choose one ${ifOffered(
            'flags',
            words`with ${option('netIndex', 1)} to ${option('netIndex', nets.length)}`,
            'of them',
          )}`
        : words`there is no net ${String(netIndex + 1)} in this file${inFlags(
            words` (${option('netIndex', netIndex + 1)})`,
          )}, which defines ${String(nets.length)}: ${names.join(', ')}`,
      { file: source.path },
    );
  }
  const { text, path } = source;
  const { start, end } = net.range;
  const blank = (part: string): string => part.replace(/[^\r\n]/g, ' ');
  const kept = blank(text.slice(0, start)) + text.slice(start, end) + blank(text.slice(end));
  return { source: new SourceText(path, kept), section: net.range };
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
