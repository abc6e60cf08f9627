import type {
  DataParameter,
  DummyDataParameter,
  HDF5DataParameter,
  HDF5OutputParameter,
  ImageDataParameter,
  InputParameter,
  MemoryDataParameter,
  ParameterParameter,
  PythonParameter,
  TransformationParameter,
  WindowDataParameter,
} from '../../caffe/schema';
import { shared, type MessageText } from './texts';

const moved = 'In a `layer` it changes nothing: it belongs into `transform_param`.';

const transformation: MessageText<TransformationParameter> = {
  summary: 'What is done with each image on the way in, in this order: crop, mirror, mean, scale.',
  fields: {
    scale: shared.scale,
    mirror: shared.mirror,
    crop_size: shared.cropSize,
    mean_file: shared.meanFile,
    mean_value:
      'Number that is subtracted from every pixel: one for all channels, or one for each, in the order blue, green, red.',
    force_color: 'Decodes images to three channels, also grey ones.',
    force_gray: 'Decodes images to one channel, also coloured ones.',
  },
};

const data: MessageText<DataParameter> = {
  summary: 'A database of labelled images.',
  fields: {
    source:
      'Folder of the LMDB or LevelDB. It is looked for in the current folder, then beside the prototxt, then in the Caffe checkout.',
    batch_size: shared.batchSize,
    rand_skip: shared.randSkip,
    backend: 'Kind of database: LEVELDB or LMDB.',
    scale: `${shared.scale} ${moved}`,
    mean_file: `${shared.meanFile} ${moved}`,
    crop_size: `${shared.cropSize} ${moved}`,
    mirror: `${shared.mirror} ${moved}`,
    force_encoded_color: 'Decodes JPEG and PNG images of the database to three channels.',
    prefetch: 'Batches that Caffe reads ahead. It has no effect here.',
  },
};

const imageData: MessageText<ImageDataParameter> = {
  summary: 'Images from files that a list names.',
  fields: {
    source: 'Text file with a path and a label on each line.',
    batch_size: shared.batchSize,
    rand_skip: shared.randSkip,
    shuffle: 'Whether the list is read in a new random order in each round. Only in TRAIN.',
    new_height: 'Height that images are resized to; 0 leaves them. Give both sizes or none.',
    new_width: 'Width that images are resized to; 0 leaves them. Give both sizes or none.',
    is_color: 'Whether images are read with three channels, or as grey with one.',
    scale: `${shared.scale} ${moved}`,
    mean_file: `${shared.meanFile} ${moved}`,
    crop_size: `${shared.cropSize} ${moved}`,
    mirror: `${shared.mirror} ${moved}`,
    root_folder:
      'Text put before each path of the list, as it is: a folder needs its slash at the end.',
  },
};

const windowData: MessageText<WindowDataParameter> = {
  summary: 'Regions of images for R-CNN.',
  fields: {
    source: 'Window file: images, their sizes and the regions in them with class and overlap.',
    scale: `${shared.scale} ${moved}`,
    mean_file: `${shared.meanFile} ${moved}`,
    batch_size: 'Regions in a batch.',
    crop_size: `Side of the square that each region is warped to. ${moved}`,
    mirror: `${shared.mirror} ${moved}`,
    fg_threshold: 'A region is foreground from this overlap with an object on.',
    bg_threshold: 'A region is background below this overlap.',
    fg_fraction: 'Share of a batch that is foreground.',
    context_pad: 'Pixels of surroundings that are added to each region after warping.',
    crop_mode:
      '`warp` stretches a region to the square, `square` cuts the tightest square around it.',
    cache_images: 'Whether all images are kept in memory.',
    root_folder: 'Text put before each path of the window file.',
  },
};

const hdf5Data: MessageText<HDF5DataParameter> = {
  summary: 'Arrays of HDF5 files: each top is the dataset of its name.',
  fields: {
    source: 'Text file that names one HDF5 file on each line.',
    batch_size: 'Rows in a batch: the first size of the tops.',
    shuffle: 'Whether Caffe mixes files and rows. It has no effect here.',
  },
};

const hdf5Output: MessageText<HDF5OutputParameter> = {
  summary: 'Writes its bottoms to an HDF5 file.',
  fields: { file_name: 'The file to write.' },
};

const memoryData: MessageText<MemoryDataParameter> = {
  summary: 'Images that a program puts there; here arrays that are given for its tops.',
  fields: {
    batch_size: shared.batchSize,
    channels: 'Channels of each image.',
    height: 'Rows of pixels of each image.',
    width: 'Columns of pixels of each image.',
  },
};

const dummyData: MessageText<DummyDataParameter> = {
  summary: 'Tops that are filled with numbers, the same or random ones.',
  fields: {
    data_filler: 'What each top is filled with: one for all, or one for each. None gives zeros.',
    shape: 'Shape of each top: one for all, or one for each.',
    num: 'First size of each top, from before there was `shape`.',
    channels: 'Second size of each top, from before there was `shape`.',
    height: 'Third size of each top, from before there was `shape`.',
    width: 'Fourth size of each top, from before there was `shape`.',
  },
};

const input: MessageText<InputParameter> = {
  summary: 'Blobs that come from outside.',
  fields: { shape: 'Shape of each top: one for all, or one for each.' },
};

const parameter: MessageText<ParameterParameter> = {
  summary: 'A top that is learned itself.',
  fields: { shape: 'Shape of the top.' },
};

const python: MessageText<PythonParameter> = {
  summary: 'A layer written in Python, whose code is not part of the net.',
  fields: {
    module: 'Python module to import.',
    layer: 'Name of the class in it.',
    param_str: 'Text that the class may read as its settings.',
    share_in_parallel: 'Whether several solvers share the layer while training.',
  },
};

/** Where data come from. */
export const dataTexts = {
  TransformationParameter: transformation,
  DataParameter: data,
  ImageDataParameter: imageData,
  WindowDataParameter: windowData,
  HDF5DataParameter: hdf5Data,
  HDF5OutputParameter: hdf5Output,
  MemoryDataParameter: memoryData,
  DummyDataParameter: dummyData,
  InputParameter: input,
  ParameterParameter: parameter,
  PythonParameter: python,
};
