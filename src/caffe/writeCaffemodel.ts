import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { systemReason } from '../base/reason';
import { UserError } from '../base/userError';

/** A layer as {@link writeCaffemodel} takes it; what `readCaffemodel` returns will do. */
export interface WritableLayer {
  readonly name: string;
  readonly type?: string | undefined;
  readonly blobs: readonly WritableBlob[];
}

/** `data` holds as many numbers as `shape` says, row-major. */
export interface WritableBlob {
  readonly shape: readonly number[];
  /** Write the four dimensions the old way, as `num`, `channels`, `height` and `width`. */
  readonly legacyShape?: boolean;
  readonly data: Float32Array;
}

const NET = { name: 1, layer: 100 } as const;
const LAYER = { name: 1, type: 2, blobs: 7 } as const;
const BLOB = { num: 1, data: 5, shape: 7 } as const;
const SHAPE_DIM = 1;

const VARINT = 0;
const BYTES = 2;

// One call to the operating system cannot write 2 GiB or more.
const MAX_WRITE_BYTES = 1 << 30;

/**
 * Writes a `.caffemodel` of the current format. The numbers go to the file as they lie in memory,
 * without a copy of the whole model. The file appears under its name only when it is complete.
 * Caffe itself reads no file of 2 GiB or more.
 *
 * @throws UserError `caffemodel/unwritable` when the file cannot be written.
 * @throws RangeError when a shape does not fit its numbers.
 */
export function writeCaffemodel(
  path: string,
  model: { readonly name: string; readonly layers: readonly WritableLayer[] },
): void {
  const pieces = encodeNet(model.name, model.layers);
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    writePieces(unfinished, pieces);
    renameSync(unfinished, path);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    const reason = systemReason(cause);
    const detail = `the weights cannot be written (${reason})`;
    throw new UserError('caffemodel/unwritable', detail, { file: path }, { cause });
  }
}

/** Bytes in the order of the file: short headers, and the blobs' own memory between them. */
type Pieces = Uint8Array[];

function encodeNet(name: string, layers: readonly WritableLayer[]): Pieces {
  const pieces: Pieces = [text(NET.name, name)];
  for (const layer of layers) nest(pieces, NET.layer, encodeLayer(layer));
  return pieces;
}

function encodeLayer(layer: WritableLayer): Pieces {
  const pieces: Pieces = [text(LAYER.name, layer.name)];
  if (layer.type !== undefined) pieces.push(text(LAYER.type, layer.type));
  for (const blob of layer.blobs) nest(pieces, LAYER.blobs, encodeBlob(blob));
  return pieces;
}

function encodeBlob({ shape, legacyShape = false, data }: WritableBlob): Pieces {
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (count !== data.length || (legacyShape && shape.length !== 4)) {
    throw new RangeError(
      `a blob of ${data.length} numbers cannot have the shape [${shape.join()}]`,
    );
  }
  const pieces: Pieces = [];
  if (legacyShape) {
    shape.forEach((dim, i) => pieces.push(bytes(tag(BLOB.num + i, VARINT), varint(dim))));
  }
  const floats = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  nest(pieces, BLOB.data, [floats]);
  if (!legacyShape && shape.length > 0) {
    const dims: Pieces = [];
    nest(dims, SHAPE_DIM, [bytes(...shape.map(varint))]);
    nest(pieces, BLOB.shape, dims);
  }
  return pieces;
}

function nest(pieces: Pieces, field: number, content: Pieces): void {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  pieces.push(bytes(tag(field, BYTES), varint(length)));
  for (const piece of content) pieces.push(piece);
}

function text(field: number, value: string): Uint8Array {
  const encoded = Buffer.from(value, 'utf8');
  return Buffer.concat([bytes(tag(field, BYTES), varint(encoded.length)), encoded]);
}

function tag(field: number, wireType: number): number[] {
  return varint(field * 8 + wireType);
}

function varint(value: number): number[] {
  const encoded: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) encoded.push((rest % 0x80) | 0x80);
  encoded.push(rest);
  return encoded;
}

function bytes(...parts: number[][]): Uint8Array {
  return Uint8Array.from(parts.flat());
}

function writePieces(path: string, pieces: Pieces): void {
  const fd = openSync(path, 'w');
  try {
    for (const piece of pieces) {
      for (let done = 0; done < piece.length;) {
        done += writeSync(fd, piece, done, Math.min(piece.length - done, MAX_WRITE_BYTES));
      }
    }
  } finally {
    closeSync(fd);
  }
}
