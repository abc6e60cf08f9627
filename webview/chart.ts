import type { ChartView, PanelView } from '../src/runs/panelMessages';
import { chartGround } from './chartGround';
import { legendSample } from './chartMarks';
import { chartScale } from './chartScale';
import { type ChartPoint, ChartSeries } from './chartSeries';
import { element, ElementList, setAttribute, setShown, setText, svgElement } from './dom';
import { Readout } from './readout';

const height = 270;
const edges = { left: 46, right: 12, top: 18, bottom: 26 } as const;

type Move = (series: number, bits: number) => readonly [series: number, bits: number];

/** Score against bits, a line a group, with the margin; every point can be reached by keyboard. */
export class Chart {
  readonly root = element('figure', { class: 'chart' });
  private readonly legend = element('ul', { class: 'legend', 'aria-label': 'Groups' });
  private readonly legendList = new ElementList(this.legend, legendEntry, showName);
  private readonly description = svgElement('desc');
  private readonly ground = svgElement('g', { 'aria-hidden': 'true' });
  private readonly svg = svgElement(
    'svg',
    { height, role: 'group' },
    this.description,
    this.ground,
  );
  private readonly readout = new Readout();
  private readonly series: ChartSeries[] = [];
  private view: PanelView | undefined;
  private drawn = '';
  /** Series and bits that the Tab key comes to. */
  private current: readonly [series: number, bits: number] = [0, 0];
  private shownPoint: ChartPoint | undefined;

  constructor() {
    this.readout.setRest('Point at a mark to read it.');
    this.root.append(this.legend, this.svg, this.readout.root);
    this.svg.addEventListener('keydown', (event) => this.onKey(event));
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  update(view: PanelView): void {
    this.view = view;
    setShown(this.root, view.chart !== undefined);
    this.draw();
  }

  private draw(): void {
    const { view } = this;
    const width = Math.floor(this.root.clientWidth);
    if (view?.chart === undefined || width === 0) return;
    const { chart, score, widths } = view;
    const key = JSON.stringify([width, chart, score, widths]);
    if (key === this.drawn) return;
    this.drawn = key;
    const scale = chartScale(chart, widths, score, { width, height, ...edges });
    setAttribute(this.svg, 'width', width);
    setAttribute(this.svg, 'viewBox', `0 0 ${width} ${height}`);
    setAttribute(this.svg, 'aria-label', `Chart: ${score.name} against bits`);
    setText(
      this.description,
      `Float ${scale.exact(chart.baseline)} ${score.unit}, margin at ${scale.exact(chart.margin)} ` +
        `${score.unit}. The arrow keys go from point to point.`,
    );
    this.ground.replaceChildren(...chartGround(scale, chart, view));
    while (this.series.length > chart.series.length) this.series.pop()?.root.remove();
    chart.series.forEach((series, at) => {
      this.series[at] ??= this.addSeries(at);
      this.series[at].update(series, scale);
    });
    this.legendList.show(chart.series);
    this.setStop();
    if (this.shownPoint?.root.isConnected === true) this.show(this.shownPoint);
    else this.hide();
  }

  private addSeries(at: number): ChartSeries {
    const series = new ChartSeries(at, {
      onEnter: (point) => this.show(point),
      onLeave: (point) => {
        if (this.shownPoint === point) this.hide();
      },
      onFocus: (point) => {
        this.current = [point.series, point.bits];
        this.setStop();
        this.show(point);
      },
    });
    this.svg.append(series.root);
    return series;
  }

  private show(point: ChartPoint): void {
    this.shownPoint = point;
    this.readout.show(point.label);
  }

  private hide(): void {
    this.shownPoint = undefined;
    this.readout.hide();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      this.hide();
      return;
    }
    const move = this.moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    this.current = move(...this.current);
    this.setStop();
    this.currentPoint()?.root.focus();
  }

  private readonly moves: Readonly<Record<string, Move>> = {
    ArrowLeft: (series, bits) => [series, this.neighbour(series, bits, -1)],
    ArrowRight: (series, bits) => [series, this.neighbour(series, bits, 1)],
    ArrowUp: (series, bits) => this.other(series, bits, -1),
    ArrowDown: (series, bits) => this.other(series, bits, 1),
    Home: (series, bits) => [series, this.series[series]?.points[0]?.bits ?? bits],
    End: (series, bits) => [series, this.series[series]?.points.at(-1)?.bits ?? bits],
  };

  private neighbour(series: number, bits: number, step: number): number {
    const points = this.series[series]?.points ?? [];
    const at = points.findIndex((point) => point.bits === bits);
    return points[at + step]?.bits ?? bits;
  }

  /** The next line that has points, at the nearest bits. */
  private other(series: number, bits: number, step: number): readonly [number, number] {
    for (let at = series + step; at >= 0 && at < this.series.length; at += step) {
      const points = this.series[at]?.points ?? [];
      const nearest = points.reduce<ChartPoint | undefined>((best, point) => {
        const distance = (to: ChartPoint): number => Math.abs(Math.log2(to.bits / bits));
        return best === undefined || distance(point) < distance(best) ? point : best;
      }, undefined);
      if (nearest !== undefined) return [at, nearest.bits];
    }
    return [series, bits];
  }

  private currentPoint(): ChartPoint | undefined {
    const [series, bits] = this.current;
    return this.series[series]?.points.find((point) => point.bits === bits);
  }

  /** Lets the Tab key come to one point only. */
  private setStop(): void {
    const all = this.series.flatMap(({ points }) => points);
    const stop = this.currentPoint() ?? all[0];
    if (stop !== undefined) this.current = [stop.series, stop.bits];
    for (const point of all) setAttribute(point.root, 'tabindex', point === stop ? 0 : -1);
  }
}

function legendEntry(at: number): { readonly root: HTMLElement; readonly name: HTMLElement } {
  const name = element('span');
  return { root: element('li', {}, legendSample(at), name), name };
}

function showName(
  { name }: { readonly name: HTMLElement },
  series: ChartView['series'][number],
): void {
  setText(name, series.name);
}
