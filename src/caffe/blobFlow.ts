import { words, type Words } from '../base/words';
import { UserError } from '../base/userError';
import type { Layer } from './net';
import type { Phase } from './schema';

/** The parts of a layer that say how blobs flow. */
type Flow = Pick<Layer, 'name' | 'type' | 'bottoms' | 'tops' | 'place'>;

/**
 * Walks the layers in file order as Caffe does and returns the net's outputs: blobs that nobody
 * consumes, in alphabetical order.
 *
 * @param whoElse says which layer that takes no part would make a blob
 * @throws UserError for a bottom that no earlier layer makes (telling a cycle from a blob that is
 * made later and from one that does not exist) and for a top made twice other than in place.
 */
export function checkBlobs(
  layers: readonly Flow[],
  phase: Phase,
  whoElse: (blob: string) => Words | undefined = () => undefined,
): string[] {
  const makers = new Map<string, Flow>();
  const available = new Set<string>();
  for (const layer of layers) {
    for (const bottom of layer.bottoms) {
      if (!makers.has(bottom)) throw missingBottom(layers, layer, bottom, phase, whoElse(bottom));
      available.delete(bottom);
    }
    layer.tops.forEach((top, index) => {
      const maker = makers.get(top);
      const inPlace = layer.bottoms[index] === top;
      if (maker !== undefined && !inPlace) {
        throw new UserError(
          'net/duplicate-top',
          `layer "${layer.name}": top "${top}" is already made by layer "${maker.name}"` +
            `${lineOf(maker)}; give one of them another name`,
          layer.place,
        );
      }
      makers.set(top, layer);
      available.add(top);
    });
  }
  return [...available].sort(compareBytes);
}

function missingBottom(
  layers: readonly Flow[],
  layer: Flow,
  bottom: string,
  phase: Phase,
  other: Words | undefined,
): UserError {
  const head = `layer "${layer.name}": bottom "${bottom}"`;
  const maker = layers.find((other) => other.tops.includes(bottom));
  if (maker === undefined) {
    return new UserError(
      'net/missing-bottom',
      words`${head} is not made by any layer of the ${phase} phase${
        other === undefined ? '' : words`: ${other}`
      }`,
      layer.place,
    );
  }
  if (dependsOn(layers, maker, layer)) {
    const path = maker === layer ? 'the layer itself' : `layer "${maker.name}"${lineOf(maker)}`;
    return new UserError(
      'net/cycle',
      `${head} is made by ${path}, which needs this layer's own output: the net has a cycle`,
      layer.place,
    );
  }
  return new UserError(
    'net/missing-bottom',
    `${head} is made only later, by layer "${maker.name}"${lineOf(maker)}: move that layer up`,
    layer.place,
  );
}

/** Whether `from` needs, through any chain of blobs, something that `target` makes. */
function dependsOn(layers: readonly Flow[], from: Flow, target: Flow): boolean {
  const seen = new Set<Flow>();
  const open = [from];
  for (let layer = open.pop(); layer !== undefined; layer = open.pop()) {
    if (layer === target) return true;
    if (seen.has(layer)) continue;
    seen.add(layer);
    const bottoms = layer.bottoms;
    open.push(...layers.filter((other) => other.tops.some((top) => bottoms.includes(top))));
  }
  return false;
}

function lineOf({ place }: Flow): string {
  return place.line === undefined ? '' : ` (line ${place.line})`;
}

/** Caffe keeps its blob names in a std::set, which orders them by bytes. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
