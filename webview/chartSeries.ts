import type { ChartView } from '../src/runs/panelMessages';
import { arrow, marker } from './chartMarks';
import type { ChartScale, Place } from './chartScale';
import { setAttribute, setText, svgElement } from './dom';

type Series = ChartView['series'][number];
type Point = Series['points'][number];

/** What a point does when it is looked at. */
export interface PointEvents {
  /** The pointer or the keyboard came to a point. */
  onEnter(point: ChartPoint): void;
  onLeave(point: ChartPoint): void;
  onFocus(point: ChartPoint): void;
}

/** One line of the chart; its points keep their elements as others come. */
export class ChartSeries {
  readonly root = svgElement('g', { role: 'group' });
  private readonly line = svgElement('path', { class: 'line' });
  private readonly byBits = new Map<number, ChartPoint>();
  points: readonly ChartPoint[] = [];

  constructor(
    readonly at: number,
    private readonly events: PointEvents,
  ) {
    this.root.setAttribute('class', `series series-${at % 3}`);
    this.root.append(this.line);
  }

  update({ name, points }: Series, scale: ChartScale): void {
    setAttribute(this.root, 'aria-label', name);
    const places = points.map(({ bits, value }) => scale.place(this.at, bits, value));
    const path = places.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');
    setAttribute(this.line, 'd', path);
    this.points = points.flatMap((point, i) => {
      const place = places[i];
      if (place === undefined) return [];
      const shown = this.byBits.get(point.bits) ?? this.add(point.bits);
      shown.update(point, place, scale);
      // Only a point that is new comes at the end; moving one would take the focus from it.
      if (this.root.children[i + 1] !== shown.root) {
        this.root.insertBefore(shown.root, this.root.children[i + 1] ?? null);
      }
      return [shown];
    });
    for (const [bits, point] of this.byBits) {
      if (this.points.includes(point)) continue;
      point.root.remove();
      this.byBits.delete(bits);
    }
  }

  private add(bits: number): ChartPoint {
    const point = new ChartPoint(this.at, bits, this.events);
    this.byBits.set(bits, point);
    return point;
  }
}

export class ChartPoint {
  readonly root = svgElement('g', { role: 'img', tabindex: -1 });
  private readonly target = svgElement('circle', { class: 'target', r: 11 });
  private readonly mark = svgElement('path', { class: 'marker' });
  private readonly ring = svgElement('circle', { class: 'ring', r: 8 });
  private readonly text = svgElement('text', { class: 'off', 'aria-hidden': 'true' });
  label = '';
  x = 0;
  y = 0;

  constructor(
    readonly series: number,
    readonly bits: number,
    events: PointEvents,
  ) {
    this.root.append(this.target, this.ring, this.mark, this.text);
    this.root.addEventListener('pointerenter', () => events.onEnter(this));
    this.root.addEventListener('pointerleave', () => events.onLeave(this));
    this.root.addEventListener('focus', () => events.onFocus(this));
    this.root.addEventListener('blur', () => events.onLeave(this));
  }

  update({ label, value, chosen, within }: Point, { x, y, off }: Place, scale: ChartScale): void {
    this.label = label;
    this.x = x;
    this.y = y;
    const classes = `point${chosen ? ' chosen' : ''}${within ? '' : ' missed'}`;
    setAttribute(this.root, 'class', classes);
    setAttribute(this.root, 'aria-label', label);
    for (const circle of [this.target, this.ring]) {
      setAttribute(circle, 'cx', x);
      setAttribute(circle, 'cy', y);
    }
    setAttribute(this.mark, 'd', off === undefined ? marker(this.series, x, y) : arrow(off, x, y));
    // Beside its arrow, on the side that has room.
    const isAtEnd = x > scale.right - 60;
    setAttribute(this.text, 'x', isAtEnd ? x - 11 : x + 11);
    setAttribute(this.text, 'y', y + 4);
    setAttribute(this.text, 'text-anchor', isAtEnd ? 'end' : 'start');
    setText(this.text, off === undefined ? '' : scale.exact(value));
  }
}
