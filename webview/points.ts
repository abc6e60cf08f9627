import type { PanelView, PointView } from '../src/runs/panelMessages';
import { element, setShown, setText } from './dom';
import { FrontierChart } from './frontierChart';
import { post } from './host';
import { PointsTable } from './pointsTable';

/** The nets of a best search, as a chart and as a table, which may be long. */
export class Points {
  private readonly waiting = element(
    'p',
    { class: 'empty' },
    'Nets appear here as soon as they are scored whole.',
  );
  private readonly events = {
    onChoose: (index: number): void => post({ type: 'selectPoint', index }),
  };
  private readonly table = new PointsTable(this.events);
  private readonly chart = new FrontierChart(this.events);
  private readonly reason = element('p', { class: 'points-cheaper' });
  private readonly cheaper = element('p', { class: 'points-cheaper' });
  private readonly legend = element('p', { class: 'quiet points-legend' });
  readonly root = element(
    'section',
    { class: 'points-place', 'aria-label': 'Nets of the search' },
    this.waiting,
    element('div', { class: 'points-columns' }, this.chart.root, this.table.root),
    this.reason,
    this.cheaper,
    this.legend,
  );

  update(view: PanelView): void {
    const { points } = view;
    setShown(this.root, points !== undefined);
    setShown(this.waiting, points?.points.length === 0 && !points.isOver);
    const reason = points?.other?.reason;
    setShown(this.reason, reason !== undefined);
    setText(this.reason, reason ?? '');
    setShown(this.cheaper, points?.whyNotCheaper !== undefined);
    setText(this.cheaper, points?.whyNotCheaper ?? '');
    const legend = legendOf(points?.points ?? []);
    setShown(this.legend, legend !== '');
    setText(this.legend, legend);
    this.table.update(view);
    this.chart.update(view);
  }
}

/** What the short words of the table mean, as far as it uses them. */
function legendOf(points: readonly PointView[]): string {
  const isOpen = points.some(({ firmness }) => firmness.startsWith('open'));
  const isBound = points.some(({ kind }) => kind === 'bound');
  return [
    ...(isOpen
      ? ['open: other images of the same kind may give another verdict; ± is the standard error.']
      : []),
    ...(isBound
      ? ['≤: scoring stopped early, for the net could not come inside the margin any more.']
      : []),
  ].join(' ');
}
