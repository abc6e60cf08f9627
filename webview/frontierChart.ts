import type { PanelView, PointsView, PointView } from '../src/runs/panelMessages';
import { element, setAttribute, setShown, setText, svgElement } from './dom';
import { frontierScale, type FrontierScale } from './frontierScale';

const height = 270;
/** What the horizontal axis shows, in full, by its unit. */
const costNames = {
  B: 'bytes of the weights',
  bit: 'bits of the activations',
  '': 'bit operations',
} as const;

/** What the chart asks for. */
export interface PointEvents {
  onChoose(index: number): void;
}

/** Score against size, a mark a net, the frontier joined by a line; every net can be reached by keyboard. */
export class FrontierChart {
  readonly root = element('figure', { class: 'chart frontier' });
  private readonly ground = svgElement('g', { 'aria-hidden': 'true' });
  private readonly line = svgElement('path', { class: 'frontier-line', 'aria-hidden': 'true' });
  private readonly marks = svgElement('g');
  private readonly description = svgElement('desc');
  private readonly svg = svgElement(
    'svg',
    { height, role: 'group' },
    this.description,
    this.ground,
    this.line,
    this.marks,
  );
  private readonly readout = element('figcaption', { class: 'readout', 'aria-hidden': 'true' });
  private readonly known = new Map<number, NetMark>();
  private view: PanelView | undefined;
  private drawn = '';
  /** Index of the net that the Tab key comes to. */
  private current: number | undefined;

  constructor(private readonly events: PointEvents) {
    this.readout.hidden = true;
    this.root.append(this.svg, this.readout);
    this.svg.addEventListener('keydown', (event) => this.onKey(event));
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  update(view: PanelView): void {
    this.view = view;
    const { points } = view;
    setShown(this.root, points?.margin !== undefined && points.points.length > 0);
    this.draw();
  }

  private draw(): void {
    const { view } = this;
    const width = Math.floor(this.root.clientWidth);
    const points = view?.points;
    if (view === undefined || points?.margin === undefined || width === 0) return;
    const key = JSON.stringify([width, points, view.score]);
    if (key === this.drawn) return;
    this.drawn = key;
    const scale = frontierScale(points, view.score, { width, height });
    setAttribute(this.svg, 'width', width);
    setAttribute(this.svg, 'viewBox', `0 0 ${width} ${height}`);
    setAttribute(
      this.svg,
      'aria-label',
      `Chart: ${view.score.name} against ${costNames[points.cost.unit]}`,
    );
    setText(
      this.description,
      'Each mark is a net. The arrow keys go from net to net, Enter shows its prototxt.',
    );
    this.ground.replaceChildren(...groundOf(scale, points, view.score));
    const frontier = points.points.filter(
      ({ kind }) => kind === 'frontier' || kind === 'delivered',
    );
    const path = frontier.map(({ cost, value }, i) => {
      const { x, y } = scale.place(cost, value);
      return `${i === 0 ? 'M' : 'L'}${x} ${y}`;
    });
    setAttribute(this.line, 'd', path.join(''));
    const indices = new Set(points.points.map(({ index }) => index));
    for (const [index, mark] of this.known) {
      if (indices.has(index)) continue;
      mark.root.remove();
      this.known.delete(index);
    }
    for (const point of points.points) this.mark(point.index).update(point, points, scale);
    this.raise(points);
    this.setStop();
    setShown(this.readout, false);
  }

  /** Draws the nets that matter most over the others, unless the focus would be lost by that. */
  private raise({ points, selected }: PointsView): void {
    for (const index of [points.find(({ isDelivered }) => isDelivered)?.index, selected]) {
      const root = index === undefined ? undefined : this.known.get(index)?.root;
      if (root !== undefined && root !== document.activeElement) this.marks.append(root);
    }
  }

  /** The mark of a net: it stays the same element, so that it keeps the focus. */
  private mark(index: number): NetMark {
    const known = this.known.get(index);
    if (known !== undefined) return known;
    const mark = new NetMark();
    const show = (): void => this.show(mark.label, mark.x, mark.y);
    mark.root.addEventListener('pointerenter', show);
    mark.root.addEventListener('pointerleave', () => setShown(this.readout, false));
    mark.root.addEventListener('focus', () => {
      this.current = index;
      this.setStop();
      show();
    });
    mark.root.addEventListener('blur', () => setShown(this.readout, false));
    mark.root.addEventListener('click', () => this.events.onChoose(index));
    this.known.set(index, mark);
    this.marks.append(mark.root);
    return mark;
  }

  private show(label: string, x: number, y: number): void {
    setText(this.readout, label);
    setShown(this.readout, true);
    const top = this.svg.getBoundingClientRect().top - this.root.getBoundingClientRect().top;
    const { offsetWidth, offsetHeight } = this.readout;
    const left = Math.max(0, Math.min(x - offsetWidth / 2, this.root.clientWidth - offsetWidth));
    this.readout.style.left = `${left}px`;
    this.readout.style.top = `${top + y + (y < height / 2 ? 15 : -offsetHeight - 15)}px`;
  }

  private onKey(event: KeyboardEvent): void {
    const points = this.view?.points?.points ?? [];
    const at = points.findIndex(({ index }) => index === this.current);
    const last = points.length - 1;
    if (event.key === 'Escape') return setShown(this.readout, false);
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      const index = points[at]?.index;
      if (index !== undefined) this.events.onChoose(index);
      return;
    }
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      Home: 0,
      End: last,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const point = points[Math.min(Math.max(to, 0), last)];
    if (point === undefined) return;
    this.current = point.index;
    this.setStop();
    this.known.get(point.index)?.root.focus();
  }

  /** Lets the Tab key come to one mark only. */
  private setStop(): void {
    const points = this.view?.points;
    const known = points?.points.some(({ index }) => index === this.current) === true;
    if (!known) this.current = points?.selected ?? points?.points[0]?.index;
    for (const [index, { root }] of this.known) {
      setAttribute(root, 'tabindex', index === this.current ? 0 : -1);
    }
  }
}

/** The mark of one net. */
class NetMark {
  readonly root = svgElement('g', { role: 'button' });
  label = '';
  x = 0;
  y = 0;

  update(point: PointView, { selected }: PointsView, scale: FrontierScale): void {
    const { x, y, isOff } = scale.place(point.cost, point.value);
    const isSelected = point.index === selected;
    this.x = x;
    this.y = y;
    this.label = point.label;
    const attributes = {
      class: `net ${point.kind} ${point.verdict}${isSelected ? ' selected' : ''}`,
      'aria-label': point.label,
      'aria-pressed': String(isSelected),
      'data-index': point.index,
      transform: `translate(${x} ${y})`,
    };
    for (const [name, value] of Object.entries(attributes)) setAttribute(this.root, name, value);
    this.root.replaceChildren(
      svgElement('circle', { class: 'target', r: 12 }),
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

function groundOf(
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
