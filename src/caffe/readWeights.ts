import { UserError } from '../prototxt/userError';
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
 * groups.
 */
function layersBelow(file: Hdf5File, group: string, name: string): LayerWeights[] {
  const names = file.names(group) ?? [];
  const blobs: WeightBlob[] = [];
  for (let index = 0; names.includes(String(index)); index++) {
    const dataset = file.dataset(`${group}/${index}`);
    if (dataset === undefined) break;
    blobs.push({ shape: dataset.shape, legacyShape: false, data: dataset.read() });
  }
  const inner = names
    .filter((child) => file.hasGroup(`${group}/${child}`))
    .flatMap((child) =>
      layersBelow(file, `${group}/${child}`, name === '' ? child : `${name}/${child}`),
    );
  return blobs.length > 0 ? [{ name, type: undefined, blobs }, ...inner] : inner;
}
