import { setupFaults, type SetupFault } from '../../caffe/setupFaults';
import type { NamedShape } from '../../caffe/matchWeights';
import { formatShape } from '../../base/shape';
import type { Layer } from '../../caffe/net';
import type { SourceRange } from '../../prototxt/source';
import type { FieldNode, MessageNode } from '../../prototxt/tree';
import type { Analysis } from '../analysis';
import type { NetLayer } from '../netParts';
import type { Finding } from './finding';

/** What Caffe refuses of a layer when it sets it up, and blobs that cannot be shared. */
export function setupFindings(analysis: Analysis): Finding[] {
  return analysis.nets.flatMap((net) => [
    ...net.layers.flatMap((item) =>
      item.layer === undefined || item.isHeader
        ? []
        : setupFaults(item.layer).map((fault) => describe(item, fault)),
    ),
    ...sharingFindings(analysis.states(net).map(({ shapes }) => shapes)),
  ]);
}

/** Layers that share a blob by its name, in shapes that do not go together. */
function sharingFindings(
  states: readonly ReadonlyMap<NetLayer, { readonly weights: readonly NamedShape[] | undefined }>[],
): Finding[] {
  const findings = new Map<NetLayer, Finding>();
  for (const shapes of states) {
    const owners = new Map<
      string,
      { readonly item: NetLayer; readonly shape: readonly number[] }
    >();
    for (const [item, { weights }] of shapes) {
      const { layer } = item;
      if (layer === undefined || weights === undefined) continue;
      for (const [index, { role, shape }] of weights.entries()) {
        const name = layer.param.param[index]?.name ?? '';
        if (name === '') continue;
        const owner = owners.get(name);
        if (owner === undefined) owners.set(name, { item, shape });
        else if (!mayShare(layer, index, shape, owner.shape) && !findings.has(item)) {
          findings.set(
            item,
            describe(item, {
              code: 'layer/shared',
              detail:
                `its ${role} (${formatShape(shape)}) cannot share param "${name}" with layer ` +
                `"${owner.item.name}", where it has shape ${formatShape(owner.shape)}`,
              field: ['param'],
            }),
          );
        }
      }
    }
  }
  return [...findings.values()];
}

function mayShare(
  layer: Layer,
  index: number,
  shape: readonly number[],
  owner: readonly number[],
): boolean {
  const count = (dims: readonly number[]): number =>
    dims.reduce((product, dim) => product * dim, 1);
  return layer.param.param[index]?.share_mode === 'PERMISSIVE'
    ? count(shape) === count(owner)
    : formatShape(shape) === formatShape(owner);
}

function describe(item: NetLayer, { code, detail, field }: SetupFault): Finding {
  return {
    family: 'shapes',
    code: code.replace(/^layer\//, 'setup/'),
    severity: 'error',
    message: `${item.type}: ${detail}`,
    range: rangeOf(item, field),
  };
}

/** The last of the fields that is written; those of old forms have other names, there the type. */
function rangeOf({ node, typeNode, nameNode }: NetLayer, path: readonly string[]): SourceRange {
  const open = node.open ?? node.range.start;
  let range = typeNode?.range ?? nameNode?.range ?? { start: open, end: open + 1 };
  let message: MessageNode | undefined = node;
  for (const name of path) {
    const found: FieldNode | undefined = message?.fields.findLast((field) => field.name === name);
    if (found === undefined) break;
    range = name === 'type' ? found.valueRange : found.nameRange;
    message = found.values.find((value) => value.kind === 'message');
  }
  return range;
}
