import type { ChartView, PanelView } from '../src/runs/panelMessages';
import { chartScale, type ChartScale } from './chartScale';
import { element, setShown, setText, svgElement } from './dom';

const height = 220;
const edges = { left: 52, right: 16, top: 14, bottom: 34 } as const;

type Series = ChartView['series'][number];
type Point = Series['points'][number];

/** Score against bits, a line a group, with the margin; every point can be reached by keyboard. */
export class Chart {
  readonly root = element('figure', { class: 'chart' });
  private readonly legend = element('ul', { class: 'legend' });
  private readonly svg = svgElement('svg', { height, role: 'group' });
  private readonly readout = element('figcaption', { class: 'readout' });
  private chart: ChartView | undefined;
  private view: PanelView | undefined;
  private drawn = '';
  /** Series and point that the Tab key comes to. */
  private current: readonly [number, number] = [0, 0];

  constructor() {
    this.root.append(this.legend, this.svg, this.readout);
    this.svg.addEventListener('keydown', (event) => this.onKey(event));
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  update(view: PanelView): void {
    this.view = view;
    this.chart = view.chart;
    setShown(this.root, view.chart !== undefined);
    this.draw();
  }

  private draw(): void {
    const { chart, view } = this;
    const width = Math.floor(this.root.clientWidth);
    if (chart === undefined || view === undefined || width === 0) return;
    const key = `${width} ${JSON.stringify(chart)}`;
    if (key === this.drawn) return;
    this.drawn = key;
    const hadFocus = this.svg.contains(document.activeElement);
    const scale = chartScale(chart, view.widths, { width, height, edges });
    this.svg.setAttribute('width', String(width));
    this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.svg.setAttribute('aria-label', `${view.score.name} against bits`);
    this.svg.replaceChildren(
      ...axes(scale, view, width),
      ...levels(scale, chart, view, width),
      ...chart.series.map((series, at) => this.drawSeries(series, at, scale)),
    );
    this.legend.replaceChildren(...chart.series.map(legendEntry));
    if (this.points(this.current[0])[this.current[1]] === undefined) this.current = [0, 0];
    this.setStop();
    if (hadFocus) this.focusCurrent();
  }

  private drawSeries(series: Series, at: number, scale: ChartScale): SVGElement {
    const places = series.points.map((point) => scale.place(point.bits, point.value));
    const line = places.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');
    return svgElement(
      'g',
      { class: `series series-${at}` },
      svgElement('path', { class: 'line', d: line }),
      ...series.points.map((point, i) => this.drawPoint(point, at, i, scale)),
    );
  }

  private drawPoint(point: Point, at: number, index: number, scale: ChartScale): SVGElement {
    const { x, y, isBelow } = scale.place(point.bits, point.value);
    const group = svgElement(
      'g',
      {
        class: `point${point.chosen ? ' chosen' : ''}${point.within ? '' : ' missed'}`,
        role: 'img',
        'aria-label': point.label,
        tabindex: -1,
      },
      svgElement('circle', { class: 'target', cx: x, cy: y, r: 11 }),
      svgElement('path', { class: 'marker', d: isBelow ? arrow(x, y) : marker(at, x, y) }),
    );
    if (point.chosen) group.append(svgElement('circle', { class: 'ring', cx: x, cy: y, r: 8.5 }));
    if (isBelow) {
      const text = svgElement('text', { class: 'below', x: x + 8, y: y - 2 });
      text.textContent = scale.tick(point.value);
      group.append(text);
    }
    const show = (): void => setText(this.readout, point.label);
    group.addEventListener('mouseenter', show);
    group.addEventListener('focus', () => {
      this.current = [at, index];
      this.setStop();
      show();
    });
    return group;
  }

  private onKey(event: KeyboardEvent): void {
    const [series, point] = this.current;
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[
      event.key
    ];
    if (move === undefined) return;
    event.preventDefault();
    const next: readonly [number, number] = [series + (move[0] ?? 0), point + (move[1] ?? 0)];
    const row = this.points(next[0]);
    if (row.length === 0) return;
    this.current = [next[0], Math.min(Math.max(next[1], 0), row.length - 1)];
    this.focusCurrent();
  }

  private points(series: number): SVGElement[] {
    return [...this.svg.querySelectorAll<SVGElement>(`.series-${series} .point`)];
  }

  private setStop(): void {
    for (const point of this.svg.querySelectorAll('.point')) point.setAttribute('tabindex', '-1');
    this.points(this.current[0])[this.current[1]]?.setAttribute('tabindex', '0');
  }

  private focusCurrent(): void {
    this.points(this.current[0])[this.current[1]]?.focus();
  }
}

function axes(scale: ChartScale, view: PanelView, width: number): SVGElement[] {
  const bottom = height - edges.bottom;
  const text = (
    content: string,
    attributes: Readonly<Record<string, string | number>>,
  ): SVGElement => {
    const made = svgElement('text', { class: 'tick', 'aria-hidden': 'true', ...attributes });
    made.textContent = content;
    return made;
  };
  return [
    svgElement('path', { class: 'axis', d: `M${edges.left} ${bottom}H${width - edges.right}` }),
    ...scale.ticks.map((value) => {
      const { y } = scale.place(view.widths[0] ?? 1, value);
      return svgElement(
        'g',
        {},
        svgElement('path', { class: 'grid', d: `M${edges.left} ${y}H${width - edges.right}` }),
        text(scale.tick(value), { x: edges.left - 8, y: y + 4, 'text-anchor': 'end' }),
      );
    }),
    ...view.widths.map((bits) =>
      text(String(bits), { x: scale.place(bits, 0).x, y: bottom + 18, 'text-anchor': 'middle' }),
    ),
    text('bits', { x: width - edges.right, y: height - 2, 'text-anchor': 'end' }),
    text(view.score.unit, { x: edges.left - 8, y: 11, 'text-anchor': 'end' }),
  ];
}

/** The float net's score and the least score that is accepted. */
function levels(
  scale: ChartScale,
  { baseline, margin }: ChartView,
  view: PanelView,
  width: number,
): SVGElement[] {
  const bits = view.widths[0] ?? 1;
  const level = (name: string, value: number, className: string, below: boolean): SVGElement => {
    const { y } = scale.place(bits, value);
    const label = svgElement('text', {
      class: `level-label ${className}`,
      x: width - edges.right,
      y: below ? y + 13 : y - 5,
      'text-anchor': 'end',
    });
    label.textContent = `${name} ${scale.tick(value)}`;
    return svgElement(
      'g',
      { 'aria-hidden': 'true' },
      svgElement('path', {
        class: `level ${className}`,
        d: `M${edges.left} ${y}H${width - edges.right}`,
      }),
      label,
    );
  };
  if (!Number.isFinite(baseline)) return [];
  return [level('float', baseline, 'baseline', false), level('margin', margin, 'margin', true)];
}

function legendEntry(series: Series, at: number): HTMLElement {
  const sample = svgElement(
    'svg',
    { width: 28, height: 12, 'aria-hidden': 'true', class: `series-${at}` },
    svgElement('path', { class: 'line', d: 'M1 6H27' }),
    svgElement('path', { class: 'marker', d: marker(at, 14, 6) }),
  );
  return element('li', {}, sample, series.name);
}

/** A shape a series, so that colour is not needed to tell them apart. */
function marker(series: number, x: number, y: number): string {
  switch (series % 3) {
    case 0:
      return `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`;
    case 1:
      return `M${x - 3.6} ${y - 3.6}h7.2v7.2h-7.2z`;
    default:
      return `M${x} ${y - 5}l5 5l-5 5l-5 -5z`;
  }
}

/** Points down to what is below the chart. */
function arrow(x: number, y: number): string {
  return `M${x - 5} ${y - 6}h10l-5 8z`;
}
