import type { SourceRange } from '../../prototxt/source';
import type { Analysis } from '../analysis';
import { symbolAt } from './symbolAt';

export interface Definition {
  /** The name that one asked from. */
  readonly origin: SourceRange;
  readonly targets: readonly {
    /** The layer; for an `input:` of the header its name. */
    readonly range: SourceRange;
    readonly selection: SourceRange;
  }[];
}

/**
 * Where the blob at an offset is made: behind all layers that change it in place, once for each
 * phase that has a maker of its own. A layer's name is its own definition.
 */
export function definitionAt(analysis: Analysis, offset: number): Definition | undefined {
  const symbol = symbolAt(analysis, offset);
  if (symbol === undefined) return undefined;
  const { range: origin } = symbol;
  if (symbol.kind === 'layer') {
    return { origin, targets: [{ range: symbol.layer.node.range, selection: origin }] };
  }
  const targets = [...symbol.use.makers].map(({ layer, blob }) => ({
    range: layer.isHeader ? blob.range : layer.node.range,
    selection: blob.range,
  }));
  return targets.length === 0 ? undefined : { origin, targets };
}
