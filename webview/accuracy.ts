import type { PanelView } from '../src/runs/panelMessages';
import { Chart } from './chart';
import { element, setAttribute, setShown } from './dom';
import { GroupTables } from './groupTables';
import { Points } from './points';
import { SweepTable } from './sweepTable';

/** The sweep as a table, or as one table a group where there is no room, and as a chart. */
export class Accuracy {
  private readonly reading = element(
    'p',
    { class: 'empty' },
    'The table appears here as soon as the net is read.',
  );
  private readonly narrow = new GroupTables();
  private readonly wide = new SweepTable();
  private readonly chart = new Chart();
  private readonly place = element(
    'div',
    { class: 'accuracy' },
    this.reading,
    this.narrow.root,
    this.wide.root,
    this.chart.root,
  );
  private readonly points = new Points();
  readonly root = element('div', { class: 'accuracy-place' }, this.place, this.points.root);

  update(view: PanelView): void {
    const { groups } = view;
    const isBest = view.points !== undefined;
    setShown(this.place, !isBest);
    this.points.update(view);
    if (isBest) return;
    setShown(this.reading, groups.length === 0);
    setShown(this.wide.root, groups.length > 0);
    setShown(this.narrow.root, groups.length > 0);
    setAttribute(this.place, 'data-groups', groups.length === 1 ? 'one' : 'many');
    this.narrow.update(view);
    this.wide.update(view);
    this.chart.update(view);
  }
}
