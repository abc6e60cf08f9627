import path from 'node:path';
import type { Net } from '../../caffe/net';
import { findSource } from '../../data/findSource';
import type { DataOptions } from './dataOptions';
import type { NetData } from './netData';

/** A file or database whose content scores depend on. */
export interface FileRead {
  readonly path: string;
  /** Files that it lists, in the order in which they are read. */
  readonly listed: readonly string[];
}

/**
 * Everything that opened nets read besides their definition and weights: data, the images of lists, mean
 * images, matrices of losses. Each once.
 */
export function filesRead(
  nets: readonly Net[],
  opened: readonly NetData[],
  options: DataOptions,
): readonly FileRead[] {
  const found = new Map<string, FileRead>();
  for (const data of opened) {
    for (const { path: file, listed } of data.files) {
      const known = found.get(file)?.listed ?? [];
      found.set(file, { path: file, listed: [...known, ...listed] });
    }
  }
  const beside = [
    ...nets.flatMap((net) => namedBeside(net, options)),
    ...(options.images?.meanFile === undefined
      ? []
      : [path.resolve(options.cwd, options.images.meanFile)]),
  ];
  for (const file of beside) if (!found.has(file)) found.set(file, { path: file, listed: [] });
  return [...found.values()];
}

/** Files that layers name besides their data. */
function namedBeside(net: Net, options: DataOptions): string[] {
  const roots = { ...options, prototxtPath: net.file.source.path };
  return net.layers
    .flatMap(({ param }) => [
      param.transform_param?.mean_file ?? '',
      param.infogain_loss_param?.source ?? '',
    ])
    .filter((name) => name !== '')
    .map((name) => findSource(name, roots));
}
