import type { Analysis } from './analysis';
import type { NetLayer, NetPart } from './netParts';

export interface FoundLayer {
  readonly net: NetPart;
  readonly layer: NetLayer;
}

/** The net around an offset. */
export function findNet({ nets }: Analysis, offset: number): NetPart | undefined {
  const inside = nets.find(({ root }) => root.range.start <= offset && offset <= root.range.end);
  return inside ?? nets[0];
}

/** The layer around an offset. */
export function findLayer(analysis: Analysis, offset: number): FoundLayer | undefined {
  const net = findNet(analysis, offset);
  const layer = net?.layers.find(
    ({ node, isHeader }) => !isHeader && node.range.start <= offset && offset <= node.range.end,
  );
  return net === undefined || layer === undefined ? undefined : { net, layer };
}
