import type { MessageNode } from '../prototxt/tree';
import type { Analysis } from './analysis';
import { findLayer, findNet } from './findLayer';
import { shownShapes, topShapeText } from './layerDescription';

/** A blob that could stand at a place. */
export interface BlobName {
  readonly name: string;
  /** As text; empty where it is not known. */
  readonly shape: string;
  /** The layer that makes it; empty where none does yet. */
  readonly maker: string;
}

/**
 * Blobs to offer for a bottom: those made before the layer, the latest first. For a top: the layer's
 * own name, then its bottoms, to write over them.
 */
export function blobNames(analysis: Analysis, offset: number, forTop: boolean): BlobName[] {
  const net = findNet(analysis, offset);
  if (net === undefined) return [];
  const own = findLayer(analysis, offset)?.layer;
  const made = new Map<string, BlobName>();
  for (const layer of net.layers) {
    if (layer === own || (!layer.isHeader && layer.node.range.start >= offset)) break;
    const shapes = shownShapes(analysis, net, layer);
    layer.tops.forEach(({ name }, index) => {
      const shape = shapes === undefined ? '' : topShapeText(layer, shapes, index);
      // A layer that writes over a blob makes it the latest again.
      made.delete(name);
      made.set(name, { name, shape: shape === '?' ? '' : shape, maker: layer.name });
    });
  }
  if (!forTop) return [...made.values()].reverse();
  const names = new Set([own?.name ?? '', ...(own?.bottoms.map(({ name }) => name) ?? [])]);
  names.delete('');
  return [...names].map((name) => made.get(name) ?? { name, shape: '', maker: '' });
}

/** Words that the same field has elsewhere in the document, for fields that refer to each other. */
export function namesIn(
  { root }: Analysis,
  type: string,
  field: string,
  except: MessageNode,
): readonly string[] {
  const isReference =
    (type === 'ParamSpec' && field === 'name') ||
    (/^NetState/.test(type) && (field === 'stage' || field === 'not_stage'));
  if (!isReference) return [];
  const wanted = field === 'name' ? { holders: ['param'], fields: ['name'] } : stages;
  const names = new Set<string>();
  collect(root, '', wanted, except, names);
  return [...names].sort();
}

interface Wanted {
  readonly holders: readonly string[];
  readonly fields: readonly string[];
}

const stages: Wanted = {
  holders: ['include', 'exclude', 'state', 'train_state', 'test_state'],
  fields: ['stage', 'not_stage'],
};

function collect(
  message: MessageNode,
  holder: string,
  wanted: Wanted,
  except: MessageNode,
  names: Set<string>,
): void {
  const isHolder = wanted.holders.includes(holder) && message !== except;
  for (const { name, values } of message.fields) {
    for (const value of values) {
      if (value.kind === 'message') collect(value, name, wanted, except, names);
      else if (isHolder && wanted.fields.includes(name) && value.value !== '')
        names.add(value.value);
    }
  }
}
