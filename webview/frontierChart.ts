import type { PanelView, PointsView } from '../src/runs/panelMessages';
import { element, setAttribute, setShown, setText, svgElement } from './dom';
import { frontierGround } from './frontierGround';
import { frontierScale } from './frontierScale';
import { NetMark } from './netMark';
import { Readout } from './readout';

const height = 290;
/** Pixels from a mark at which the pointer still means it. */
const reach = 18;
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
  private readonly readout = new Readout();
  private readonly stretched = element(
    'p',
    { class: 'quiet chart-note' },
    'Sizes that lie close together are drawn further apart.',
  );
  private readonly known = new Map<number, NetMark>();
  private view: PanelView | undefined;
  private drawn = '';
  /** Index of the net that the Tab key comes to. */
  private current: number | undefined;
  private pointed: NetMark | undefined;

  constructor(private readonly events: PointEvents) {
    this.readout.setRest('Point at a net to read it; click to show it.');
    this.root.append(this.svg, this.readout.root, this.stretched);
    this.svg.addEventListener('keydown', (event) => this.onKey(event));
    this.svg.addEventListener('pointermove', (event) => this.point(this.nearest(event)));
    this.svg.addEventListener('pointerleave', () => this.point(undefined));
    // The focus goes to the net that is meant, which need not be the one whose mark lies on top.
    this.svg.addEventListener('mousedown', (event) => event.preventDefault());
    this.svg.addEventListener('click', (event) => {
      const mark = this.nearest(event);
      if (mark === undefined || event.detail === 0) return;
      mark.root.focus({ preventScroll: true });
      this.events.onChoose(mark.index);
    });
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
    this.ground.replaceChildren(...frontierGround(scale, points, view.score));
    const frontier = points.points.filter(({ isOnLine }) => isOnLine);
    const path = frontier.map(({ index }, i) => {
      const { x, y } = scale.place(index);
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
    setShown(this.stretched, scale.isStretched);
    this.say(this.pointed ?? this.focused());
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
    const mark = new NetMark(index);
    mark.root.addEventListener('focus', () => {
      this.current = index;
      this.setStop();
      this.say(mark);
    });
    mark.root.addEventListener('blur', () => this.say(this.pointed));
    // A screen reader's click has no place.
    mark.root.addEventListener('click', ({ detail }) => {
      if (detail === 0) this.events.onChoose(index);
    });
    this.known.set(index, mark);
    this.marks.append(mark.root);
    return mark;
  }

  /** The net whose mark is the nearest: a mark may lie partly over another. */
  private nearest({ clientX, clientY }: MouseEvent): NetMark | undefined {
    const { left, top } = this.svg.getBoundingClientRect();
    let found: NetMark | undefined;
    let least = reach;
    for (const mark of this.known.values()) {
      const distance = Math.hypot(mark.x - (clientX - left), mark.y - (clientY - top));
      if (distance > least) continue;
      found = mark;
      least = distance;
    }
    return found;
  }

  /** Shows what the pointer is at. */
  private point(mark: NetMark | undefined): void {
    if (mark === this.pointed) return;
    this.pointed?.root.classList.remove('pointed');
    mark?.root.classList.add('pointed');
    this.pointed = mark;
    this.svg.classList.toggle('at-net', mark !== undefined);
    this.say(mark ?? this.focused());
  }

  private say(mark: NetMark | undefined): void {
    if (mark?.root.isConnected === true) this.readout.show(mark.label);
    else this.readout.hide();
  }

  private focused(): NetMark | undefined {
    return [...this.known.values()].find(({ root }) => root === document.activeElement);
  }

  private onKey(event: KeyboardEvent): void {
    const points = this.view?.points?.points ?? [];
    const at = points.findIndex(({ index }) => index === this.current);
    const last = points.length - 1;
    if (event.key === 'Escape') return this.readout.hide();
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
