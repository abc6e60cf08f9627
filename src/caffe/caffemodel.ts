import { foreignSample } from '../base/foreignContent';
import { checkInputFile, foreignError, inputError, type FileKind } from '../base/inputFile';
import { UserError } from '../base/userError';
import { type MessageEnd, ProtobufError, ProtobufFile, wireTypes } from './protobufFile';
import { readBlob, type WeightBlob } from './readBlob';
import { v0Types, v1TypeOfNumber } from './upgrade/oldTypes';

export type { WeightBlob } from './readBlob';

/** What a layer has learned. */
export interface LayerWeights {
  readonly name: string;
  /** Caffe's name of the type, e.g. `Convolution`; undefined where an old file has no such name. */
  readonly type: string | undefined;
  readonly blobs: readonly WeightBlob[];
  /**
   * Which of the layer's blobs these are, where the file leaves out some: an HDF5 file has a shared
   * blob only in the layer that owns it.
   */
  readonly indices?: readonly number[] | undefined;
}

/** The content of a `.caffemodel`. */
export interface Weights {
  readonly path: string;
  /** In file order, layers without blobs included. */
  readonly layers: readonly LayerWeights[];
  /** The first layer of this name that has blobs, else the first of this name. */
  byName(name: string): LayerWeights | undefined;
}

/**
 * Reads a `.caffemodel` of the current, V1 or V0 format. Numbers go from the file straight into
 * the arrays that are returned, so memory peaks at about the size of the file. The call blocks.
 *
 * @throws UserError `caffemodel/missing` (no such file, or a folder), `caffemodel/unreadable`,
 * `caffemodel/foreign` (empty, a web page, an archive, ...),
 * `caffemodel/truncated`, `caffemodel/invalid`, `caffemodel/too-large` (for this machine's
 * memory) or `caffemodel/not-a-caffemodel`. The message names the file, the byte (from 0) and the
 * layer where known.
 */
export function readCaffemodel(path: string): Weights {
  const file = open(path);
  const layers: LayerWeights[] = [];
  const current: CurrentLayer = { started: false, name: undefined };
  try {
    refuseForeignFormat(file, path);
    file.forEachTopLevelField((field, wireType) => {
      readNetField(file, field, wireType, layers, current);
    });
  } catch (cause) {
    throw explain(cause, file, path, layers.length, current);
  } finally {
    file.close();
  }
  if (layers.length === 0) {
    throw new UserError(
      'caffemodel/not-a-caffemodel',
      'there is no layer in this file: give a .caffemodel, not a solver state or a mean image',
      { file: path },
    );
  }
  return indexWeights(path, layers);
}

/** The layer being read, so that an error can name it. */
interface CurrentLayer {
  started: boolean;
  name: string | undefined;
}

/** The field numbers of the three generations of layer messages. */
interface LayerFields {
  readonly name: number;
  readonly type: number;
  readonly blobs: number;
  readonly v0Layer: number | undefined;
}

const NET_LAYER = 100;
const NET_V1_LAYER = 2;
const currentFields: LayerFields = { name: 1, type: 2, blobs: 7, v0Layer: undefined };
const v1Fields: LayerFields = { name: 4, type: 5, blobs: 6, v0Layer: 1 };
const v0Fields: LayerFields = { name: 1, type: 2, blobs: 50, v0Layer: undefined };

const MAX_NAME_BYTES = 64 * 1024;

const HDF5_MAGIC = [0x89, 0x48, 0x44, 0x46];

const weightsKind: FileKind = {
  code: 'caffemodel',
  name: '.caffemodel',
  give: 'the trained weights (.caffemodel)',
};

const TEXT_SAMPLE_BYTES = 4096;

function open(path: string): ProtobufFile {
  checkInputFile(path, weightsKind);
  try {
    return new ProtobufFile(path);
  } catch (cause) {
    throw inputError(path, weightsKind, cause);
  }
}

function refuseForeignFormat(file: ProtobufFile, path: string): void {
  // Nothing at all is a message without fields.
  const empty = file.size === 0 ? foreignError(path, weightsKind, new Uint8Array()) : undefined;
  if (empty !== undefined) throw empty;
  const start = file.peekStart(HDF5_MAGIC.length);
  if (HDF5_MAGIC.every((byte, i) => start[i] === byte)) {
    throw new UserError(
      'caffemodel/not-a-caffemodel',
      'these weights are in HDF5 format, which only readWeights reads',
      { file: path },
    );
  }
}

function readNetField(
  file: ProtobufFile,
  field: number,
  wireType: number,
  layers: LayerWeights[],
  current: CurrentLayer,
): void {
  if (field !== NET_LAYER && field !== NET_V1_LAYER) {
    file.skip(wireType, Infinity);
    return;
  }
  const end = file.enter(wireType, Infinity);
  current.started = true;
  current.name = undefined;
  layers.push(readLayer(file, end, field === NET_LAYER ? currentFields : v1Fields, current));
  current.started = false;
}

function readLayer(
  file: ProtobufFile,
  end: MessageEnd,
  fields: LayerFields,
  current: CurrentLayer,
): LayerWeights {
  let name = '';
  let type: string | undefined;
  const blobs: WeightBlob[] = [];
  file.forEachField(end, (field, wireType) => {
    if (field === fields.name) {
      name = file.readString(file.enter(wireType, end), MAX_NAME_BYTES);
      current.name = name;
    } else if (field === fields.type) {
      type = readType(file, wireType, end, fields);
    } else if (field === fields.blobs) {
      blobs.push(readBlob(file, file.enter(wireType, end)));
    } else if (field === fields.v0Layer) {
      const inner = readLayer(file, file.enter(wireType, end), v0Fields, current);
      name = inner.name;
      type = inner.type;
      // No spread into push: a file may hold more blobs than a call takes arguments.
      for (const blob of inner.blobs) blobs.push(blob);
    } else {
      file.skip(wireType, end);
    }
  });
  return { name, type, blobs };
}

function readType(
  file: ProtobufFile,
  wireType: number,
  end: MessageEnd,
  fields: LayerFields,
): string | undefined {
  if (fields === v1Fields) {
    file.expect(wireType, wireTypes.varint);
    return v1TypeOfNumber(file.readVarint(end));
  }
  const type = file.readString(file.enter(wireType, end), MAX_NAME_BYTES);
  return fields === v0Fields ? (v0Types.get(type) ?? type) : type;
}

/** Weights whose layers can be found by name. */
export function indexWeights(path: string, layers: readonly LayerWeights[]): Weights {
  const first = new Map<string, LayerWeights>();
  for (const layer of layers) {
    const known = first.get(layer.name);
    if (known === undefined || (known.blobs.length === 0 && layer.blobs.length > 0)) {
      first.set(layer.name, layer);
    }
  }
  return { path, layers, byName: (name) => first.get(name) };
}

function explain(
  cause: unknown,
  file: ProtobufFile,
  path: string,
  layersRead: number,
  current: CurrentLayer,
): unknown {
  if (cause instanceof RangeError && cause.message.includes('allocation failed')) {
    const detail = `the weights (${file.size} bytes) do not fit into memory`;
    return new UserError('caffemodel/too-large', detail, { file: path }, { cause });
  }
  if (!(cause instanceof ProtobufError))
    return isSystemError(cause) ? inputError(path, weightsKind, cause) : cause;
  const foreign = foreignError(path, weightsKind, file.peekStart(foreignSample));
  if (foreign !== undefined) return foreign;
  if (looksLikeText(file)) {
    return new UserError(
      'caffemodel/not-a-caffemodel',
      'this is a text file: give the trained weights (.caffemodel); if this should be them, the ' +
        'download brought something else instead',
      { file: path },
      { cause },
    );
  }
  const layer = current.name === undefined ? '' : `, in layer ${JSON.stringify(current.name)}`;
  const where = `(at byte ${cause.offset}${layer})`;
  if (cause.kind === 'truncated') {
    const detail = `the file is cut short or damaged: ${cause.message} ${where}`;
    return new UserError('caffemodel/truncated', detail, { file: path }, { cause });
  }
  if (layersRead === 0 && !current.started) {
    const detail = `this is not a .caffemodel: ${cause.message} ${where}`;
    return new UserError('caffemodel/not-a-caffemodel', detail, { file: path }, { cause });
  }
  const detail = `the file is damaged: ${cause.message} ${where}`;
  return new UserError('caffemodel/invalid', detail, { file: path }, { cause });
}

/** Binary protobuf has control bytes (tags and lengths) within its first few bytes. */
function looksLikeText(file: ProtobufFile): boolean {
  return file
    .peekStart(TEXT_SAMPLE_BYTES)
    .every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause;
}
