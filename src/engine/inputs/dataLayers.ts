import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Layer, Net } from '../../caffe/net';
import type { TransformationParameter } from '../../caffe/schema';
import { ArraySource } from '../../data/arraySource';
import { BatchSource, type BatchSourceOptions } from '../../data/batches';
import { findSource, foldersOf } from '../../data/findSource';
import { Hdf5Source } from '../../data/hdf5Source';
import { ImageList } from '../../data/imageList';
import { LabelledImages } from '../../data/labelledImages';
import type { DataSource } from '../../data/source';
import type { TransformOptions } from '../../data/transform';
import { layerError } from '../../onnx/layerError';
import { UserError } from '../../base/userError';
import { anyOf, ifOffered, words } from '../../base/words';
import type { DataOptions } from './dataOptions';

/** Random crops and mirroring in the TRAIN phase start here, so that runs repeat. */
const trainSeed = 1;

/** What a data layer is opened with. */
export interface DataContext {
  readonly net: Net;
  readonly options: DataOptions;
  /** Bytes of decoded batches to keep; the default where absent. */
  readonly memoryBudgetBytes: number | undefined;
}

/** One kind of data layer. */
interface DataLayerKind {
  /** What the layer names as its source; undefined where files are given from outside. */
  sourceOf(layer: Layer): string | undefined;
  /** Settings that are ignored, since every run is to score the same; absent where there are none. */
  ignored?(layer: Layer, net: Net): readonly (string | false | undefined)[];
  /** What else a user should know of how the layer is read. */
  note?(layer: Layer): string | undefined;
  open(layer: Layer, context: DataContext): Promise<DataSource>;
}

const kinds: Readonly<Record<string, DataLayerKind>> = {
  Data: {
    sourceOf: ({ param }) => param.data_param?.source,
    ignored: ({ param }) => [(param.data_param?.rand_skip ?? 0) > 0 && 'rand_skip'],
    open: openDatabaseLayer,
  },
  ImageData: {
    sourceOf: ({ param }) => param.image_data_param?.source,
    ignored: (layer, net) => [
      layer.param.image_data_param?.shuffle === true && !isShuffled(layer, net) && 'shuffle',
      (layer.param.image_data_param?.rand_skip ?? 0) > 0 && 'rand_skip',
    ],
    open: openImageLayer,
  },
  HDF5Data: {
    sourceOf: ({ param }) => param.hdf5_data_param?.source,
    ignored: ({ param }) => [param.hdf5_data_param?.shuffle === true && 'shuffle'],
    open: openHdf5Layer,
  },
  MemoryData: {
    sourceOf: () => undefined,
    note: memoryNote,
    open: openMemoryLayer,
  },
};

function kindOf({ type }: Layer): DataLayerKind | undefined {
  return Object.hasOwn(kinds, type) ? kinds[type] : undefined;
}

/** Whether a layer brings data from a file that it names, or from memory. */
export function isDataLayer(layer: Layer): boolean {
  return kindOf(layer) !== undefined;
}

/** What a data layer names as its source; undefined for other layers and where it names none. */
export function dataSourceName(layer: Layer): string | undefined {
  return kindOf(layer)?.sourceOf(layer);
}

/** Opens the source of a data layer. @throws UserError naming the layer where it cannot be used */
export function openDataLayer(layer: Layer, context: DataContext): Promise<DataSource> {
  const kind = kindOf(layer);
  if (kind === undefined) throw new Error(`${layer.type} is no data layer`);
  return kind.open(layer, context);
}

/** Lists of images are shuffled in TRAIN, always in one way; scores are of the list's first images. */
function isShuffled({ param }: Layer, { state }: Net): boolean {
  return state.phase === 'TRAIN' && param.image_data_param?.shuffle === true;
}

/** What the user should know of how a data layer is read. */
export function dataLayerNotes(layer: Layer, net: Net): string[] {
  const kind = kindOf(layer);
  const note = kind?.note?.(layer);
  const notes = note === undefined ? [] : [note];
  const ignored = (kind?.ignored?.(layer, net) ?? []).filter((name) => typeof name === 'string');
  if (ignored.length === 0) return notes;
  const verb = ignored.length === 1 ? 'is' : 'are';
  return [
    ...notes,
    `layer "${layer.name}" always begins with the same records: ${ignored.join(' and ')} ${verb} ignored`,
  ];
}

/** Caffe warns of the same: only images that a program hands over are transformed. */
function memoryNote({ name, param }: Layer): string | undefined {
  if (param.transform_param === undefined) return undefined;
  return `layer "${name}" takes its arrays as they are: transform_param is ignored, as Caffe does`;
}

async function openDatabaseLayer(layer: Layer, context: DataContext): Promise<DataSource> {
  const param = layer.param.data_param;
  if (param === undefined) throw layerError(layer, 'layer/param', 'needs data_param');
  const tops = topsOf(layer);
  const transform = layer.param.transform_param;
  const force = transform?.force_color === true || param.force_encoded_color;
  if (force && transform?.force_gray === true) {
    throw layerError(layer, 'layer/param', 'force_color and force_gray exclude each other');
  }
  const colors = force ? 'color' : transform?.force_gray === true ? 'gray' : undefined;
  const sourcePath = find(layer, context, param.source);
  const images = await BatchSource.open({
    ...batchOptions(layer, context, param.batch_size, tops),
    sourcePath,
    decoding: { colors },
  });
  return new LabelledImages(images, tops, sourcePath);
}

async function openImageLayer(layer: Layer, context: DataContext): Promise<DataSource> {
  const param = layer.param.image_data_param;
  if (param === undefined) throw layerError(layer, 'layer/param', 'needs image_data_param');
  const { new_height: height, new_width: width, root_folder: root } = param;
  if (height > 0 !== width > 0) {
    throw layerError(layer, 'layer/param', 'new_height and new_width go together');
  }
  const tops = topsOf(layer);
  const list = find(layer, context, param.source);
  // A list by classes would give the ranges of one class only.
  const shuffleSeed = isShuffled(layer, context.net) ? trainSeed : undefined;
  const options = {
    colors: param.is_color ? ('color' as const) : ('gray' as const),
    size: height > 0 ? { height, width } : undefined,
  };
  const records = ImageList.open(
    list,
    // Caffe joins the two as text, from the folder it runs in.
    { folders: foldersOfList(list, context), root, needsLabels: true, shuffleSeed },
    options,
  );
  const images = await BatchSource.of(
    records,
    batchOptions(layer, context, param.batch_size, tops),
  );
  return new LabelledImages(images, tops, list);
}

async function openHdf5Layer(layer: Layer, context: DataContext): Promise<DataSource> {
  const param = layer.param.hdf5_data_param;
  if (param === undefined) throw layerError(layer, 'layer/param', 'needs hdf5_data_param');
  if (layer.param.transform_param !== undefined) {
    throw layerError(
      layer,
      'layer/param',
      'HDF5 data are not transformed: leave transform_param out',
    );
  }
  const list = find(layer, context, param.source);
  return Hdf5Source.open({
    list,
    find: (name) => findListed(layer, context, name, list),
    tops: layer.tops,
    batchSize: param.batch_size,
    place: layer.place,
  });
}

function openMemoryLayer(layer: Layer, { options }: DataContext): Promise<DataSource> {
  const param = layer.param.memory_data_param;
  if (param === undefined) throw layerError(layer, 'layer/param', 'needs memory_data_param');
  const { batch_size, channels, height, width } = param;
  const shapes = [[batch_size, channels, height, width], [batch_size]];
  const inputs = layer.tops.map((top, index) => {
    const file = options.inputs?.[top];
    if (file === undefined) {
      throw layerError(
        layer,
        'layer/no-data',
        words`brings data from memory: ${ifOffered(
          'flags',
          words`give a file for top "${top}" with ${anyOf('inputs', `${top}=FILE.npy`)}`,
          'the editor cannot give it any; use a definition with a data layer that reads files',
        )}`,
      );
    }
    const { place } = layer;
    return { top, file: path.resolve(options.cwd, file), shape: shapes[index] ?? [], place };
  });
  return Promise.resolve(ArraySource.open(inputs));
}

function topsOf(layer: Layer): 1 | 2 {
  const { length } = layer.tops;
  if (length === 1 || length === 2) return length;
  throw layerError(layer, 'layer/tops', `has ${length} tops; needs data and label`);
}

function batchOptions(
  layer: Layer,
  context: DataContext,
  batchSize: number,
  tops: 1 | 2,
): BatchSourceOptions {
  const transform = layer.param.transform_param;
  const mean = transform?.mean_file ?? '';
  const meanFile = mean === '' ? undefined : find(layer, context, mean);
  return {
    layerName: layer.name,
    batchSize,
    transform: transform === undefined ? {} : transformOptions(transform, meanFile),
    phase: context.net.state.phase,
    tops,
    seed: trainSeed,
    memoryBudgetBytes: context.memoryBudgetBytes,
    place: layer.place,
  };
}

function transformOptions(
  transform: TransformationParameter,
  meanFile: string | undefined,
): TransformOptions {
  return {
    scale: transform.scale,
    mirror: transform.mirror,
    cropSize: transform.crop_size,
    meanFile,
    meanValues: transform.mean_value,
  };
}

/** Finds what a layer names. @throws UserError with the layer and its line */
function find(layer: Layer, { net, options }: DataContext, name: string): string {
  try {
    return findSource(name, { ...options, prototxtPath: net.file.source.path });
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(cause.code, words`layer "${layer.name}": ${cause.detail}`, layer.place, {
      cause,
    });
  }
}

/** Where the paths in a list may start: beside the list too. */
function foldersOfList(list: string, { options, net }: DataContext): string[] {
  return [...foldersOf({ ...options, prototxtPath: net.file.source.path }), path.dirname(list)];
}

function findListed(layer: Layer, context: DataContext, name: string, list: string): string {
  const folders = foldersOfList(list, context);
  const found = folders
    .map((folder) => path.resolve(folder, name))
    .find((file) => existsSync(file));
  // What fails to find it says where it looked.
  return found ?? find(layer, context, name);
}
