import type { PointsView, PointView } from '../src/runs/panelMessages';
import { setAttribute, svgElement } from './dom';
import type { FrontierScale } from './frontierScale';

/** The mark of one net. */
export class NetMark {
  readonly root = svgElement('g', { role: 'button' });
  label = '';
  x = 0;
  y = 0;

  constructor(readonly index: number) {}

  update(point: PointView, { selected }: PointsView, scale: FrontierScale): void {
    const { x, y, isOff } = scale.place(point.index);
    const isSelected = point.index === selected;
    const isPointed = this.root.classList.contains('pointed');
    this.x = x;
    this.y = y;
    this.label = point.label;
    const attributes = {
      class: `net ${point.kind} ${point.verdict}${isSelected ? ' selected' : ''}${isPointed ? ' pointed' : ''}`,
      'aria-label': point.label,
      'aria-pressed': String(isSelected),
      'data-index': point.index,
      transform: `translate(${x} ${y})`,
    };
    for (const [name, value] of Object.entries(attributes)) setAttribute(this.root, name, value);
    this.root.replaceChildren(
      svgElement('circle', { class: 'target', r: 9 }),
      ...(point.isDelivered || isSelected ? [svgElement('circle', { class: 'ring', r: 9 })] : []),
      shapeOf(point, isOff),
    );
  }
}

/** A disc within the margin, a cross outside; a bound, which is at most where it stands, points down. */
function shapeOf({ kind, verdict }: PointView, isOff: boolean): SVGElement {
  if (kind === 'bound' || isOff) {
    return svgElement('path', { class: 'shape', d: 'M-5 -3.5 L5 -3.5 L0 5 Z' });
  }
  if (verdict === 'outside') {
    return svgElement('path', { class: 'shape cross', d: 'M-4 -4 L4 4 M-4 4 L4 -4' });
  }
  return svgElement('circle', { class: 'shape', r: 4.5 });
}
