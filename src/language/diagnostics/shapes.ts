import { converterOf } from '../../onnx/registry';
import type { SourceRange } from '../../prototxt/source';
import type { UserError } from '../../base/userError';
import { plain } from '../../base/words';
import type { Analysis } from '../analysis';
import { forkTakingBlobs } from '../foreignSettings';
import type { NetLayer } from '../netParts';
import { describeState } from '../netStates';
import type { Finding } from './finding';

/**
 * Layers whose bottoms, settings and tops cannot go together, by the layers' own shape rules.
 *
 * @param errors places of errors in the text: a layer with one of them is not read as it is meant
 */
export function shapeFindings(analysis: Analysis, errors: readonly SourceRange[]): Finding[] {
  const findings = new Map<NetLayer, Finding>();
  for (const net of analysis.nets) {
    const states = analysis.states(net);
    for (const { state, shapes } of states) {
      for (const [layer, { fault }] of shapes) {
        if (fault === undefined || findings.has(layer)) continue;
        if (errors.some((error) => isInside(error, layer.node.range))) continue;
        const isEverywhere = states.every((other) => other.shapes.get(layer)?.fault ?? true);
        // The net of the other phase may be sound, and all that is wanted of the file.
        const isTrainOnly =
          state.phase === 'TRAIN' &&
          states.some((other) => other.state.phase === 'TEST' && isSound(other.shapes)) &&
          !states.some((other) => other.state.phase === 'TEST' && other.shapes.has(layer));
        const finding = describe(
          layer,
          fault,
          isEverywhere ? '' : describeState(state),
          net.layers,
        );
        findings.set(
          layer,
          isTrainOnly && finding.severity === 'error'
            ? { ...finding, severity: 'warning', message: `${finding.message} in the TRAIN phase` }
            : finding,
        );
      }
    }
  }
  return [...findings.values()];
}

function isSound(shapes: ReadonlyMap<NetLayer, { readonly fault?: unknown }>): boolean {
  return [...shapes.values()].every(({ fault }) => fault === undefined);
}

function isInside(inner: SourceRange, outer: SourceRange): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function describe(
  item: NetLayer,
  { code, detail }: UserError,
  state: string,
  layers: readonly NetLayer[],
): Finding {
  // The message stands at the layer: it need not name it.
  const text = plain(detail).replace(/^layer "[^"]*" \([^)]*\): /, '');
  const isOurs = /not supported/.test(text);
  const where = state === '' ? '' : ` (${state})`;
  const isCount = code === 'layer/bottoms' || code === 'layer/tops';
  const fork = isCount ? forkTakingBlobs(item, layers) : undefined;
  return {
    family: 'shapes',
    code: isOurs ? 'shape/unsupported' : code.replace(/^layer\//, 'shape/'),
    severity: isOurs || fork !== undefined ? 'information' : 'error',
    message: `${item.type}: ${text}${where}${fork === undefined ? '' : `; ${fork}`}`,
    range: placeOf(item, code),
  };
}

/** The part of a layer that a fault is most likely about. */
function placeOf(
  { layer, node, nameNode, typeNode, bottoms, tops }: NetLayer,
  code: string,
): SourceRange {
  const [first] = bottoms;
  const last = bottoms.at(-1);
  if (code === 'layer/shapes' && last !== undefined) return last.range;
  if (code === 'layer/bottoms' && first !== undefined && last !== undefined) {
    return { start: first.range.start, end: last.range.end };
  }
  if (code === 'layer/tops' && tops.length > 0) return tops.at(-1)?.range ?? node.range;
  const params = layer === undefined ? [] : (converterOf(layer)?.params ?? []);
  const param = node.fields.find(({ name }) => params.some((known) => known === name));
  if (param !== undefined && code !== 'layer/bottoms') return param.nameRange;
  const open = node.open ?? node.range.start;
  return typeNode?.range ?? nameNode?.range ?? { start: open, end: open + 1 };
}
