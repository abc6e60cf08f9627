import type { SourceRange } from '../prototxt/source';
import type { Analysis } from './analysis';
import { describeLayer, shownShapes, topShapeText } from './layerDescription';

/** A text beside a place of a document that is no part of it. */
export interface InlayHint {
  readonly offset: number;
  readonly text: string;
  /** Markdown, worked out only when someone asks. */
  readonly tooltip: () => string;
}

/**
 * The shape of every top behind its name, for the part of a document that shows.
 *
 * @param isPartial whether shapes are shown of which some sizes are not known
 */
export function inlayHints(
  analysis: Analysis,
  { start, end }: SourceRange,
  isPartial = true,
): readonly InlayHint[] {
  const hints: InlayHint[] = [];
  for (const net of analysis.nets) {
    for (const layer of net.layers) {
      const isShown = layer.tops.some(({ range }) => range.start >= start && range.end <= end);
      if (!isShown) continue;
      const shapes = shownShapes(analysis, net, layer);
      if (shapes === undefined) continue;
      layer.tops.forEach(({ range }, index) => {
        const text = topShapeText(layer, shapes, index);
        if (text === '?' || (!isPartial && text.includes('?'))) return;
        if (range.start < start || range.end > end) return;
        const tooltip = (): string => describeLayer(analysis, net, layer);
        hints.push({ offset: range.end, text: `→ ${text}`, tooltip });
      });
    }
  }
  return hints;
}
