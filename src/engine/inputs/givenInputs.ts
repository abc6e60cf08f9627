import path from 'node:path';
import type { Layer, Net } from '../../caffe/net';
import { formatShape } from '../../base/shape';
import { ArraySource } from '../../data/arraySource';
import { BatchSource } from '../../data/batches';
import type { ImageOptions } from '../../data/decodeImage';
import { ImageList } from '../../data/imageList';
import { LabelledImages } from '../../data/labelledImages';
import type { DataSource } from '../../data/source';
import type { Shape } from '../../base/shape';
import { converterOf, sourceOf } from '../../onnx/registry';
import { UserError } from '../../base/userError';
import { about, anyOf, ifOffered, option, withOption, words, type Words } from '../../base/words';
import type { DataOptions, ImagesOption } from './dataOptions';

/** Inputs of a net and what brings their numbers. */
export interface OpenInputs {
  readonly tops: readonly string[];
  readonly source: DataSource;
  /** What to tell the user, e.g. how images are prepared. */
  readonly notes: readonly Words[];
}

interface NetInput {
  readonly layer: Layer;
  readonly top: string;
  readonly shape: Shape;
}

/**
 * Opens what feeds the Input layers of a net: files of numbers by name, and a list of images for its
 * image input and its labels.
 *
 * @throws UserError `net/no-data` for an input that nothing is given for, `input/unknown` for a file
 * that is for no input, and those of the sources
 */
export async function openGivenInputs(net: Net, options: DataOptions): Promise<OpenInputs[]> {
  const inputs = netInputs(net);
  checkNames(net, inputs, options);
  const arrays = inputs.filter(({ top }) => options.inputs?.[top] !== undefined);
  const rest = inputs.filter((input) => !arrays.includes(input));
  const images = options.images === undefined ? undefined : imageInput(net, rest, options.images);
  const labels = images === undefined ? undefined : rest.find((input) => isLabel(net, input));
  const missing = rest.find((input) => input !== images && input !== labels);
  if (missing !== undefined) throw noData(missing);

  const opened: OpenInputs[] = [];
  try {
    const given = arrays.map(({ layer: { place }, top, shape }) => {
      const file = path.resolve(options.cwd, options.inputs?.[top] ?? '');
      return { top, file, shape, place };
    });
    const numbers = given.length === 0 ? undefined : ArraySource.open(given);
    if (numbers !== undefined) {
      opened.push({ tops: given.map(({ top }) => top), source: numbers, notes: [] });
    }
    if (images !== undefined && options.images !== undefined) {
      const listed = await openImages(images, labels, options.images, options);
      opened.push(listed);
      if (numbers !== undefined) checkTogether(numbers, listed.source);
    }
    return opened;
  } catch (cause) {
    for (const { source } of opened) await source.close();
    throw cause;
  }
}

/** The tops of a net's Input layers that are labels of one of its layers. */
export function labelInputs(net: Net): readonly string[] {
  return netInputs(net)
    .filter((input) => isLabel(net, input))
    .map(({ top }) => top);
}

function netInputs(net: Net): NetInput[] {
  return net.layers
    .filter(({ type }) => type === 'Input')
    .flatMap((layer) => {
      const shapes = sourceOf(layer)?.sourceShapes(layer, new Map()) ?? [];
      return layer.tops.map((top, index) => ({ layer, top, shape: shapes[index] ?? [] }));
    });
}

function isLabel(net: Net, { top }: NetInput): boolean {
  return net.layers.some((layer) =>
    converterOf(layer)
      ?.labels?.(layer)
      .some(({ labels }) => layer.bottoms[labels] === top),
  );
}

function checkNames(net: Net, inputs: readonly NetInput[], options: DataOptions): void {
  const memory = net.layers.filter(({ type }) => type === 'MemoryData').flatMap(({ tops }) => tops);
  const known = [...inputs.map(({ top }) => top), ...memory];
  const unknown = Object.keys(options.inputs ?? {}).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new UserError(
    'input/unknown',
    words`${option('inputs', unknown)}: the net has no such input; its inputs are ${known.join(', ') || 'none'}`,
    { file: net.file.source.path },
  );
}

function imageInput(net: Net, inputs: readonly NetInput[], { list }: ImagesOption): NetInput {
  const images = inputs.filter(({ shape }) => shape.length === 4);
  const [only] = images;
  if (only !== undefined && images.length === 1) return only;
  const given = option('images', list);
  throw new UserError(
    'input/images',
    images.length === 0
      ? words`${given}: the net has no input of images (four axes) that they could go to`
      : words`${given}: the net has several inputs of images (${images
          .map(({ top }) => top)
          .join(', ')}): give arrays ${withOption('inputs')} instead`,
    { file: net.file.source.path },
  );
}

async function openImages(
  { layer, top, shape }: NetInput,
  labels: NetInput | undefined,
  images: ImagesOption,
  options: DataOptions,
): Promise<OpenInputs> {
  const [batchSize = 1, channels = 3, height = 1, width = 1] = shape;
  const { cropSize = 0, meanFile, meanValues = [], scale = 1 } = images;
  const list = path.resolve(options.cwd, images.list);
  const size = images.resize ?? (cropSize > 0 ? undefined : { height, width });
  const colors = images.gray === true || channels === 1 ? 'gray' : 'color';
  const records = openGivenList(images, options, labels !== undefined, { colors, size });
  const tops = labels === undefined ? 1 : 2;
  const source = await BatchSource.of(records, {
    layerName: layer.name,
    batchSize,
    transform: {
      scale,
      cropSize,
      meanValues,
      meanFile: meanFile === undefined ? undefined : path.resolve(options.cwd, meanFile),
    },
    // Neither random crops nor mirroring: the same images serve both phases.
    phase: 'TEST',
    tops,
    place: layer.place,
  });
  if (formatShape(source.shape) !== formatShape(shape)) {
    await source.close();
    throw new UserError(
      'input/shape',
      words`${about('images')}the images come out as ${formatShape(
        source.shape.slice(1),
      )} (channels x height x width), but input "${top}" needs ${formatShape(
        shape.slice(1),
      )}: change ${option('images.resize')}, ${option('images.cropSize')} or ${option('images.gray')}`,
      layer.place,
    );
  }
  const steps = [
    colors === 'gray' ? 'read as gray' : 'read as blue, green, red',
    ...(size === undefined ? [] : [`resized to ${size.height}x${size.width}`]),
    ...(cropSize > 0 ? [`the middle ${cropSize}x${cropSize} cut out`] : []),
    ...(meanFile === undefined ? [] : [`less the mean of ${meanFile}`]),
    ...(meanValues.length === 0 ? [] : [`less ${meanValues.join(', ')}`]),
    ...(scale === 1 ? [] : [`times ${scale}`]),
  ];
  return {
    tops: labels === undefined ? [top] : [top, labels.top],
    source: new LabelledImages(source, tops, list),
    notes: [`images of ${images.list}: ${steps.join(', ')}`],
  };
}

/** Arrays of more than one batch begin again where the images do, or labels would be of others. */
function checkTogether(numbers: ArraySource, { shapes, records, path: list }: DataSource): void {
  const rounds = records / (shapes[0]?.[0] ?? 1);
  if (numbers.rounds === 1 || numbers.rounds === rounds) return;
  throw new UserError(
    'input/entries',
    `this array has ${numbers.records} entries, which do not go with the ${records} images of ${list}: ` +
      'give as many of each',
    { file: numbers.path },
  );
}

/** Paths in the list start where the list lies, or in the current folder. */
export function openGivenList(
  images: ImagesOption,
  { cwd }: DataOptions,
  needsLabels: boolean,
  reading: ImageOptions = {},
): ImageList {
  const list = path.resolve(cwd, images.list);
  return ImageList.open(list, { folders: [path.dirname(list), cwd], needsLabels }, reading);
}

function noData({ layer, top }: NetInput): UserError {
  return new UserError(
    'net/no-data',
    words`layer "${layer.name}" (Input) brings no data, and scoring needs labelled data: ${ifOffered(
      'flags',
      words`give the train_val definition with a data layer, images with ${anyOf(
        'images',
        'LIST',
      )}, or numbers with ${anyOf('inputs', `${top}=FILE.npy`)}`,
      'open the train_val definition, which has a data layer, and choose Quantize or Score there (images ' +
        'for a deploy definition cannot be chosen in the editor yet)',
    )}`,
    layer.place,
  );
}
