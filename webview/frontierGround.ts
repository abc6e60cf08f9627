import type { PanelView, PointsView } from '../src/runs/panelMessages';
import { svgElement } from './dom';
import type { FrontierScale } from './frontierScale';

/** What lies behind the nets: axes, baseline, margin, and where the scale ends. Nothing is read out. */
export function frontierGround(
  scale: FrontierScale,
  points: PointsView,
  { unit }: PanelView['score'],
): SVGElement[] {
  const { left, right, top, floor } = scale;
  const exact = (value: number): string =>
    unit === '%' ? value.toFixed(2) : String(Number(value.toPrecision(4)));
  const text = (x: number, y: number, anchor: string, content: string): SVGElement =>
    svgElement('text', { x, y, 'text-anchor': anchor, class: 'tick' }, content);
  const level = (value: number, name: string): SVGElement[] => {
    const y = scale.yOf(value);
    const isMargin = name === 'margin';
    return [
      svgElement('line', {
        x1: left,
        x2: right,
        y1: y,
        y2: y,
        class: isMargin ? 'level margin' : 'level',
      }),
      svgElement(
        'text',
        {
          // Small nets lie far from the float net's line, large ones far from the margin's.
          x: isMargin ? right : left + 6,
          y: y + (isMargin ? 12 : -4),
          'text-anchor': isMargin ? 'end' : 'start',
          class: isMargin ? 'level-label margin' : 'level-label',
        },
        `${name} ${exact(value)}`,
      ),
    ];
  };
  return [
    ...scale.ticks.flatMap((value) => [
      svgElement('line', {
        x1: left,
        x2: right,
        y1: scale.yOf(value),
        y2: scale.yOf(value),
        class: 'grid',
      }),
      text(left - 6, scale.yOf(value) + 4, 'end', scale.tick(value)),
    ]),
    ...(scale.edge === undefined
      ? []
      : [
          svgElement('line', {
            x1: left,
            x2: right,
            y1: scale.edge.y,
            y2: scale.edge.y,
            class: 'break',
          }),
          text(
            left - 6,
            scale.edge.y + (scale.edge.beyond === 'lower' ? 24 : -18),
            'end',
            scale.edge.beyond,
          ),
        ]),
    svgElement('line', { x1: left, x2: right, y1: floor, y2: floor, class: 'axis' }),
    svgElement('line', { x1: left, x2: left, y1: top, y2: floor, class: 'axis' }),
    // The axis' own name stands left of its first size.
    ...scale.sizes
      .filter(({ x }) => x >= left + 24)
      .map(({ x, name }) => text(x, floor + 16, 'middle', name)),
    text(left - 6, floor + 16, 'end', points.cost.name),
    text(left - 6, top - 5, 'end', unit),
    ...(points.baseline === undefined ? [] : level(points.baseline, 'float')),
    ...(points.margin === undefined ? [] : level(points.margin, 'margin')),
  ];
}
