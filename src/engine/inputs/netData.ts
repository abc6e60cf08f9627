import type { Words } from '../../base/words';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Net } from '../../caffe/net';
import { placesOf } from '../../data/findSource';
import type { Shape } from '../../base/shape';
import { UserError } from '../../base/userError';
import type { BatchInputs } from '../../runtime/scoreBatches';
import type { Tensor } from '../../runtime/session';
import { dataLayerNotes, dataSourceName, isDataLayer, openDataLayer } from './dataLayers';
import type { DataOptions } from './dataOptions';
import type { FileRead } from './filesRead';
import { openGivenInputs, type OpenInputs } from './givenInputs';
import { checkFinite } from './finiteCheck';
import { LabelCheck, type RecordName } from './labelCheck';

/** All that brings data into a net, opened: it gives the shapes and the batches of its inputs. */
export class NetData implements BatchInputs {
  private readonly checked = new Set<number>();
  private isClosed = false;

  private constructor(
    private readonly opened: readonly OpenInputs[],
    private readonly labels: LabelCheck,
  ) {}

  /**
   * Opens every data layer of a net, and what is given for its Input layers.
   *
   * @param memoryBudgetBytes bytes of decoded batches that each layer may keep; 0 for data that are
   * read once
   * @throws UserError when nothing brings data into the net, or a source cannot be used
   */
  static async open(net: Net, options: DataOptions, memoryBudgetBytes?: number): Promise<NetData> {
    const opened: OpenInputs[] = [];
    try {
      opened.push(...(await openGivenInputs(net, options)));
      for (const layer of net.layers.filter(isDataLayer)) {
        const source = await openDataLayer(layer, { net, options, memoryBudgetBytes });
        opened.push({ tops: layer.tops, source, notes: dataLayerNotes(layer, net) });
      }
      if (opened.length === 0) throw noData(net);
      return new NetData(opened, new LabelCheck(net));
    } catch (cause) {
      for (const { source } of opened) await source.close();
      throw cause;
    }
  }

  /** Shapes of all inputs; labels are one number an image. */
  get shapes(): ReadonlyMap<string, Shape> {
    return new Map(
      this.opened.flatMap(({ tops, source }) =>
        tops.map((top, i) => [top, source.shapes[i] ?? []] as const),
      ),
    );
  }

  /** Files and databases that are read, by path. */
  get sources(): readonly string[] {
    return this.opened.flatMap(({ source }) => source.locations);
  }

  /** The same with the files that lists name. */
  get files(): readonly FileRead[] {
    return this.opened.flatMap(({ source }) =>
      source.locations.map((location, at) => ({
        path: location,
        listed: at === 0 ? (source.listed ?? []) : [],
      })),
    );
  }

  /** What the user should know of how the data are prepared. */
  get notes(): readonly Words[] {
    return this.opened.flatMap(({ notes }) => notes);
  }

  /** Learns from the converted net which labels are in range. */
  learnShapes(blobShapes: ReadonlyMap<string, Shape>): void {
    this.labels.learnShapes(blobShapes);
  }

  /** Images a batch of the first source. */
  get batchSize(): number {
    return this.opened[0]?.source.shapes[0]?.[0] ?? 1;
  }

  /** Records of the smallest source. */
  get records(): number {
    return Math.min(...this.opened.map(({ source }) => source.records));
  }

  /**
   * One batch of every input, by blob.
   *
   * @throws UserError for a bad record, a label out of range or a number that is not finite, the first time a batch is read
   */
  async batch(index: number): Promise<ReadonlyMap<string, Tensor>> {
    const inputs = new Map<string, Tensor>();
    for (const { tops, source } of this.opened) {
      const arrays = await source.batch(index);
      for (const [i, top] of tops.entries()) {
        const data = arrays[i] ?? new Float32Array();
        inputs.set(top, { shape: source.shapes[i] ?? [], data });
        if (this.checked.has(index)) continue;
        const placeOf = async (position: number): Promise<RecordName> => ({
          file: source.fileOf?.(i) ?? source.path,
          record: await source.describe(index, position),
        });
        await this.labels.check(top, data, placeOf);
        await checkFinite(top, data, source.shapes[i]?.[0] ?? 1, placeOf);
      }
    }
    this.checked.add(index);
    return inputs;
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const { source } of this.opened) await source.close();
  }
}

/**
 * Files that a net's data layers read, as far as they are there: they must not be written. A
 * database stands for every file in its folder.
 */
export function dataFiles(net: Net, options: DataOptions): string[] {
  const all = { ...options, prototxtPath: net.file.source.path };
  const named = net.layers.flatMap((layer) => [
    dataSourceName(layer),
    layer.param.transform_param?.mean_file,
  ]);
  const given = [
    ...Object.values(options.inputs ?? {}),
    options.images?.list,
    options.images?.meanFile,
  ].flatMap((name) => (name === undefined ? [] : [path.resolve(options.cwd, name)]));
  return [
    ...given,
    ...named.flatMap((name) => (name === undefined || name === '' ? [] : placesOf(name, all))),
  ]
    .filter((place) => existsSync(place))
    .flatMap((place) =>
      statSync(place).isDirectory()
        ? readdirSync(place).map((name) => path.join(place, name))
        : [place],
    );
}

function noData(net: Net): UserError {
  return new UserError(
    'net/no-data',
    `the ${net.state.phase} phase of this net has no data layer, and scoring needs labelled data: ` +
      'give the train_val definition',
    { file: net.file.source.path },
  );
}
