import type { PanelView } from '../src/runs/panelMessages';
import { button, element, setShown, setText } from './dom';
import { FrontierChart } from './frontierChart';
import { post } from './host';
import { PointsTable } from './pointsTable';

/** The nets of a best search: as a table, as a chart, and which one the page shows. */
export class Points {
  private readonly waiting = element(
    'p',
    { class: 'empty' },
    'Nets appear here as soon as they are scored whole.',
  );
  private readonly text = element('span');
  private readonly back = button('Show the delivered one', 'secondary', () =>
    post({ type: 'selectPoint', index: undefined }),
  );
  private readonly other = element('div', { class: 'other-net' }, this.text, this.back);
  private readonly events = {
    onChoose: (index: number): void => post({ type: 'selectPoint', index }),
  };
  private readonly table = new PointsTable(this.events);
  private readonly chart = new FrontierChart(this.events);
  readonly root = element(
    'section',
    { class: 'points-place', 'aria-label': 'Nets of the search' },
    this.waiting,
    this.other,
    element('div', { class: 'points-columns' }, this.table.root, this.chart.root),
  );

  update(view: PanelView): void {
    const { points } = view;
    setShown(this.root, points !== undefined);
    setShown(this.waiting, points?.points.length === 0 && !points.isOver);
    setShown(this.other, points?.selectedText !== undefined);
    setText(this.text, points?.selectedText ?? '');
    this.table.update(view);
    this.chart.update(view);
  }
}
