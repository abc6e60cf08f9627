import type { WeightBlob } from '../caffe/caffemodel';
import { formatKey, type NumberFormat } from '../formats/formats';
import { isFloat32 } from '../formats/float32';
import { quantize } from '../formats/formats';

/** Rounds a weight blob to a number format. */
export function quantizeBlob(blob: WeightBlob, format: NumberFormat): WeightBlob {
  if (isFloat32(format)) return blob;
  return { ...blob, data: quantize(blob.data, format) };
}

/**
 * A {@link quantizeBlob} that keeps the latest result of each blob: a sweep of one group leaves the
 * other group's format alone, and rounding a large layer again for every candidate would show.
 */
export function rememberQuantized(): typeof quantizeBlob {
  const latest = new Map<Float32Array, { readonly key: string; readonly data: Float32Array }>();
  return (blob, format) => {
    if (isFloat32(format)) return blob;
    const key = formatKey(format);
    const known = latest.get(blob.data);
    // Layers that share an array may see it in different shapes.
    if (known?.key === key) return { ...blob, data: known.data };
    const made = quantizeBlob(blob, format);
    latest.set(blob.data, { key, data: made.data });
    return made;
  };
}
