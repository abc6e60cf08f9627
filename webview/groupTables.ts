import type { CellView, GroupView, PanelView } from '../src/runs/panelMessages';
import { element, ElementList, readOnly, setAttribute, setText, sign } from './dom';
import {
  type CellPlaces,
  cellClass,
  columnHeads,
  makePlaces,
  nameHeads,
  type ScoreHeads,
  showCell,
} from './sweepCell';

interface Row {
  readonly root: HTMLElement;
  readonly bits: HTMLElement;
  readonly places: CellPlaces;
  /** What the row shows, so that an unchanged one is not touched. */
  shown: string;
}

interface Table {
  readonly root: HTMLElement;
  readonly caption: HTMLElement;
  readonly heads: ScoreHeads;
  readonly rows: ElementList<CellView, Row>;
}

/** One table a group, for a narrow page. All rows are there from the start. */
export class GroupTables {
  readonly root = element('div', { class: 'tables' });
  private readonly tables = new ElementList<GroupView, Table>(
    this.root,
    makeTable,
    (table, { name, cells }) => {
      setText(table.caption, name);
      table.rows.show(cells);
    },
  );

  update({ groups, score }: PanelView): void {
    this.tables.show(groups);
    for (const table of this.tables.parts) {
      nameHeads(table.heads, score);
    }
  }
}

function makeTable(): Table {
  const caption = element('caption');
  const { all, ...heads } = columnHeads();
  const body = element('tbody');
  const head = element('tr', {}, element('th', { scope: 'col', class: 'bits' }, 'bits'), ...all);
  const root = element('table', { class: 'sweep' }, caption, element('thead', {}, head), body);
  return { root, caption, heads, rows: new ElementList(body, makeRow, showRow) };
}

function makeRow(): Row {
  const bits = element('th', { scope: 'row', class: 'bits' });
  const places = makePlaces();
  const root = element('tr', {}, bits, places.score, places.drop, places.margin, places.time);
  return { root, bits, places, shown: '' };
}

function showRow(row: Row, cell: CellView): void {
  const key = JSON.stringify(cell);
  if (key === row.shown) return;
  row.shown = key;
  setAttribute(row.root, 'class', cellClass(cell));
  row.bits.replaceChildren(String(cell.bits));
  if (cell.chosen) {
    const mark = sign('▸');
    mark.className = 'chosen-mark';
    row.bits.prepend(mark);
    row.bits.append(readOnly(' chosen'));
  }
  showCell(row.places, cell);
}
