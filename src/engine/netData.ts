import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Layer, Net } from '../caffe/net';
import type { TransformationParameter } from '../caffe/schema';
import { BatchSource } from '../data/batches';
import { findSource, placesOf, type SourceRoots } from '../data/findSource';
import type { TransformOptions } from '../data/transform';
import type { Shape } from '../onnx/graph';
import { layerError } from '../onnx/layerError';
import type { BatchInputs } from '../runtime/scoreBatches';
import type { Tensor } from '../runtime/session';
import { UserError } from '../prototxt/userError';
import { LabelCheck } from './labelCheck';

/** Random crops and mirroring in the TRAIN phase start here, so that runs repeat. */
const trainSeed = 1;

interface OpenLayer {
  readonly layer: Layer;
  readonly source: BatchSource;
}

/** The data layers of a net, opened: they give the shapes and the batches of its inputs. */
export class NetData implements BatchInputs {
  private readonly checked = new Set<number>();

  private constructor(
    private readonly opened: readonly OpenLayer[],
    private readonly labels: LabelCheck,
    /** Databases that are read, by path. */
    readonly sources: readonly string[],
  ) {}

  /**
   * Opens every data layer of a net.
   *
   * @param memoryBudgetBytes bytes of decoded batches that each layer may keep; 0 for data that are
   * read once
   * @throws UserError when the net has no data layer, or one whose source cannot be used
   */
  static open(
    net: Net,
    roots: Omit<SourceRoots, 'prototxtPath'>,
    memoryBudgetBytes?: number,
  ): NetData {
    const opened: OpenLayer[] = [];
    const sources: string[] = [];
    try {
      for (const layer of net.layers) {
        if (layer.type === 'Input') throw noData(net, layer);
        if (layer.type !== 'Data') continue;
        const sourcePath = findLayerSource(net, layer, roots);
        sources.push(sourcePath);
        const source = openSource(net, layer, sourcePath, roots, memoryBudgetBytes);
        opened.push({ layer, source });
      }
      if (opened.length === 0) throw noData(net, undefined);
      return new NetData(opened, new LabelCheck(net), sources);
    } catch (cause) {
      opened.forEach(({ source }) => source.close());
      throw cause;
    }
  }

  /** Shapes of all tops; labels are one number an image. */
  get shapes(): ReadonlyMap<string, Shape> {
    const shapes = new Map<string, Shape>();
    for (const { layer, source } of this.opened) {
      layer.tops.forEach((top, i) => shapes.set(top, i === 0 ? source.shape : [source.shape[0]]));
    }
    return shapes;
  }

  /** Learns from the converted net which labels are in range. */
  learnShapes(blobShapes: ReadonlyMap<string, Shape>): void {
    this.labels.learnShapes(blobShapes);
  }

  /** Images a batch of the first data layer. */
  get batchSize(): number {
    return this.opened[0]?.source.shape[0] ?? 0;
  }

  /** Records of the smallest source. */
  get records(): number {
    return Math.min(...this.opened.map(({ source }) => source.sourceRecords));
  }

  /** What to tell where a run scores some records more than once; undefined where it does not. */
  describeCycling(iterations: number): string | undefined {
    if (this.records >= iterations * this.batchSize) return undefined;
    return (
      `${iterations} iterations of ${this.batchSize} read more than the ${this.records} records ` +
      'there are: some are scored more than once, as Caffe does'
    );
  }

  /**
   * One batch of every input, by blob.
   *
   * @throws UserError for a bad record or a label out of range, the first time a batch is read
   */
  batch(index: number): ReadonlyMap<string, Tensor> {
    const inputs = new Map<string, Tensor>();
    for (const { layer, source } of this.opened) {
      const { data, labels } = source.batch(index);
      const [dataTop, labelTop] = layer.tops;
      if (dataTop !== undefined) inputs.set(dataTop, { shape: source.shape, data });
      if (labelTop === undefined) continue;
      inputs.set(labelTop, { shape: [source.shape[0]], data: labels });
      if (!this.checked.has(index)) {
        this.labels.check(labelTop, labels, (position) => ({
          file: source.path,
          record: source.recordName(index, position),
        }));
      }
    }
    this.checked.add(index);
    return inputs;
  }

  close(): void {
    this.opened.forEach(({ source }) => source.close());
  }
}

/**
 * Files that a net's data layers read, as far as they are there: they must not be written. A
 * database stands for every file in its folder.
 */
export function dataFiles(net: Net, roots: Omit<SourceRoots, 'prototxtPath'>): string[] {
  const all = { ...roots, prototxtPath: net.file.source.path };
  return net.layers.flatMap(({ param }) =>
    [
      param.data_param?.source,
      param.transform_param?.mean_file,
      param.infogain_loss_param?.source,
    ]
      .flatMap((name) => (name === undefined || name === '' ? [] : placesOf(name, all)))
      .filter((place) => existsSync(place))
      .flatMap((place) =>
        statSync(place).isDirectory()
          ? readdirSync(place).map((name) => path.join(place, name))
          : [place],
      ),
  );
}

function noData(net: Net, layer: Layer | undefined): UserError {
  const phase = net.state.phase;
  return new UserError(
    'net/no-data',
    layer === undefined
      ? `the ${phase} phase of this net has no Data layer, and scoring needs labelled data: give ` +
          'the train_val definition'
      : `layer "${layer.name}" (Input) brings no data, and scoring needs labelled data: give the ` +
          'train_val definition with a Data layer',
    layer?.place ?? { file: net.file.source.path },
  );
}

function findLayerSource(net: Net, layer: Layer, roots: Omit<SourceRoots, 'prototxtPath'>): string {
  const param = layer.param.data_param;
  if (param === undefined) throw layerError(layer, 'layer/param', 'needs data_param');
  if (layer.tops.length < 1 || layer.tops.length > 2) {
    throw layerError(layer, 'layer/tops', `has ${layer.tops.length} tops; needs data and label`);
  }
  const found = atLayer(layer, () =>
    findSource(param.source, { ...roots, prototxtPath: net.file.source.path }),
  );
  const isLmdb = existsSync(path.join(found, 'data.mdb')) || found.endsWith('.mdb');
  if (param.backend === 'LEVELDB' && !isLmdb && existsSync(path.join(found, 'CURRENT'))) {
    throw layerError(
      layer,
      'layer/backend',
      `${found} is a LevelDB, which cannot be read yet: convert it to LMDB and set backend: LMDB`,
    );
  }
  return found;
}

function openSource(
  net: Net,
  layer: Layer,
  sourcePath: string,
  roots: Omit<SourceRoots, 'prototxtPath'>,
  memoryBudgetBytes: number | undefined,
): BatchSource {
  const { phase } = net.state;
  const transform = layer.param.transform_param;
  const meanFile =
    transform !== undefined && transform.mean_file !== ''
      ? atLayer(layer, () =>
          findSource(transform.mean_file, { ...roots, prototxtPath: net.file.source.path }),
        )
      : undefined;
  return BatchSource.open({
    layerName: layer.name,
    sourcePath,
    batchSize: layer.param.data_param?.batch_size ?? 0,
    transform: transform === undefined ? {} : transformOptions(transform, meanFile),
    phase,
    tops: layer.tops.length === 2 ? 2 : 1,
    seed: trainSeed,
    memoryBudgetBytes,
    place: layer.place,
  });
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

/** Adds the layer and its line to an error about a path the layer names. */
function atLayer<T>(layer: Layer, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(cause.code, `layer "${layer.name}": ${cause.detail}`, layer.place, {
      cause,
    });
  }
}
