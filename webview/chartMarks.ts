import { svgElement } from './dom';
import type { OffScale } from './chartScale';

/** A shape a series, so that colour is not needed to tell them apart. */
export function marker(series: number, x: number, y: number): string {
  switch (series % 3) {
    case 0:
      return `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`;
    case 1:
      return `M${x - 3.6} ${y - 3.6}h7.2v7.2h-7.2z`;
    default:
      return `M${x} ${y - 5}l5 5l-5 5l-5 -5z`;
  }
}

/** Points to where a score lies that is off the scale. */
export function arrow(off: Exclude<OffScale, undefined>, x: number, y: number): string {
  return off === 'below' ? `M${x - 5} ${y - 4}h10l-5 8z` : `M${x - 5} ${y + 4}h10l-5 -8z`;
}

/** Line and marker of a series, for the legend. */
export function legendSample(series: number): SVGElement {
  return svgElement(
    'svg',
    { width: 34, height: 12, 'aria-hidden': 'true', class: `series-${series % 3}` },
    svgElement('path', { class: 'line', d: 'M1 6H33' }),
    svgElement('path', { class: 'marker', d: marker(series, 17, 6) }),
  );
}
