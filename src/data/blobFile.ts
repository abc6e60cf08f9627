import { ProtobufError, ProtobufFile } from '../caffe/protobufFile';
import { readBlob } from '../caffe/readBlob';
import { foreignSample } from '../base/foreignContent';
import { checkInputFile, foreignError, inputError, type FileKind } from '../base/inputFile';
import { UserError } from '../base/userError';
import { isNpy, npyMagic, NpyFile } from './npy';

const blobKind: FileKind = {
  code: 'blob',
  name: '.binaryproto',
  give: 'a .binaryproto or .npy file',
};

/** An array of numbers from a file of its own, such as a mean image. */
export interface FileBlob {
  readonly path: string;
  /** As stored, outermost dimension first (a mean image is 1 x C x H x W). */
  readonly shape: readonly number[];
  /** Row-major, as many numbers as `shape` says. */
  readonly data: Float32Array;
}

/**
 * Reads a `.binaryproto`: one BlobProto message, as compute_image_mean writes it; or a `.npy` array.
 *
 * @throws UserError `blob/missing`, `blob/unreadable`, `blob/foreign`, or `blob/corrupt` (cut off, no BlobProto,
 * or a shape that does not fit the numbers); the message names the byte.
 */
export function readBlobFile(path: string): FileBlob {
  const file = openFile(path);
  try {
    if (isNpy(file.peekStart(npyMagic.length))) return readNpy(path);
    const { shape, data } = readBlob(file, file.size);
    return { path, shape, data };
  } catch (cause) {
    throw explain(cause, file, path);
  } finally {
    file.close();
  }
}

/** An array that NumPy saved, as pycaffe's users keep means: C x H x W, or one number a channel. */
function readNpy(path: string): FileBlob {
  const file = NpyFile.open(path);
  try {
    const { shape } = file;
    return {
      path,
      shape,
      data: file.read(
        0,
        shape.reduce((product, dim) => product * dim, 1),
      ),
    };
  } finally {
    file.close();
  }
}

function openFile(path: string): ProtobufFile {
  checkInputFile(path, blobKind);
  try {
    return new ProtobufFile(path);
  } catch (cause) {
    throw inputError(path, blobKind, cause);
  }
}

function explain(cause: unknown, file: ProtobufFile, path: string): unknown {
  if (!(cause instanceof ProtobufError)) {
    return isSystemError(cause) ? inputError(path, blobKind, cause) : cause;
  }
  const foreign = foreignError(path, blobKind, file.peekStart(foreignSample));
  return (
    foreign ??
    new UserError(
      'blob/corrupt',
      `this is no whole BlobProto file: ${cause.message} (at byte ${cause.offset} of its ` +
        `${file.size}); copy it again or re-create it with compute_image_mean`,
      { file: path },
      { cause },
    )
  );
}

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause;
}
