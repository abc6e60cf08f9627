import { UserError } from '../base/userError';
import { indexWeights, readCaffemodel, type LayerWeights, type Weights } from './caffemodel';
import { Hdf5File, isHdf5 } from './hdf5File';
import type { WeightBlob } from './readBlob';

/**
 * Reads trained weights in either of Caffe's forms: `.caffemodel` or `.caffemodel.h5`, told apart by
 * their first bytes.
 *
 * @throws UserError those of {@link readCaffemodel}, of {@link Hdf5File.open}, or
 * `caffemodel/not-a-caffemodel` for an HDF5 file that is no snapshot
 */
export async function readWeights(path: string): Promise<Weights> {
  if (!isHdf5(path)) return readCaffemodel(path);
  const file = await Hdf5File.open(path);
  try {
    const root = 'data';
    if (!file.hasGroup(root)) {
      throw new UserError(
        'caffemodel/not-a-caffemodel',
        'this HDF5 file has no group "data": give weights that Caffe saved with ' +
          'snapshot_format: HDF5, not a solver state or data',
        { file: path },
      );
    }
    const layers = layersBelow(file, root, '');
    if (layers.length === 0) {
      throw new UserError('caffemodel/not-a-caffemodel', 'there is no layer in this file', {
        file: path,
      });
    }
    return indexWeights(path, layers);
  } finally {
    file.close();
  }
}

/**
 * Each layer is a group with datasets `0`, `1`, ...; a layer's name with slashes makes groups within
 * groups. Blobs that another layer owns are left out, so that there may be a `1` without a `0`.
 */
function layersBelow(file: Hdf5File, group: string, name: string): LayerWeights[] {
  const names = file.names(group) ?? [];
  const found = names
    .filter((child) => /^\d+$/.test(child))
    .map(Number)
    .sort((a, b) => a - b)
    .flatMap((index): { index: number; blob: WeightBlob }[] => {
      const dataset = file.dataset(`${group}/${index}`);
      if (dataset === undefined) return [];
      return [{ index, blob: { shape: dataset.shape, legacyShape: false, data: dataset.read() } }];
    });
  const inner = names
    .filter((child) => file.hasGroup(`${group}/${child}`))
    .flatMap((child) =>
      layersBelow(file, `${group}/${child}`, name === '' ? child : `${name}/${child}`),
    );
  if (found.length === 0) return inner;
  const indices = found.map(({ index }) => index);
  const isWhole = indices.every((index, position) => index === position);
  const blobs = found.map(({ blob }) => blob);
  return [{ name, type: undefined, blobs, indices: isWhole ? undefined : indices }, ...inner];
}
