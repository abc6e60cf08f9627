import type { SourceRange } from '../../prototxt/source';
import type { Analysis } from '../analysis';
import type { NetLayer, NetPart } from '../netParts';
import { blobUses, type BlobUse } from './blobUses';

/** What a name in a net stands for. */
export type NetSymbol =
  | {
      readonly kind: 'blob';
      readonly net: NetPart;
      readonly range: SourceRange;
      readonly use: BlobUse;
      readonly uses: readonly BlobUse[];
    }
  | {
      readonly kind: 'layer';
      readonly net: NetPart;
      readonly range: SourceRange;
      readonly layer: NetLayer;
    };

/** The blob or layer whose name stands at an offset. */
export function symbolAt(analysis: Analysis, offset: number): NetSymbol | undefined {
  const isHere = (range: SourceRange | undefined): boolean =>
    range !== undefined && range.start <= offset && offset <= range.end;
  for (const net of analysis.nets) {
    for (const layer of net.layers) {
      const range = layer.nameNode?.range;
      if (range !== undefined && isHere(range)) return { kind: 'layer', net, range, layer };
      if (![...layer.bottoms, ...layer.tops].some((blob) => isHere(blob.range))) continue;
      const uses = blobUses(net);
      const use = uses.find(({ blob }) => isHere(blob.range));
      if (use !== undefined) return { kind: 'blob', net, range: use.blob.range, use, uses };
    }
  }
  return undefined;
}

/** Layers of one name are one layer to Caffe, which shares their weights between phases. */
export function layersNamed({ layers }: NetPart, name: string): readonly NetLayer[] {
  return layers.filter((layer) => layer.nameNode !== undefined && layer.name === name);
}
