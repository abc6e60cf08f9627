import type { NetFile } from '../../caffe/netFile';
import { readBlobFile } from '../../data/blobFile';
import { findSource, type SourceRoots } from '../../data/findSource';
import type { ReadBlob } from '../../onnx/layerConverter';

/**
 * Reads the BlobProto files that layers of a net file name (the matrix of an InfogainLoss), found as
 * data are. Each is read once: all conversions of a run see the same numbers.
 */
export function blobReader(file: NetFile, roots: Omit<SourceRoots, 'prototxtPath'>): ReadBlob {
  const known = new Map<string, ReturnType<ReadBlob>>();
  return (source) => {
    const blob =
      known.get(source) ??
      readBlobFile(findSource(source, { ...roots, prototxtPath: file.source.path }));
    known.set(source, blob);
    return blob;
  };
}
