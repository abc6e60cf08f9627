import type { CellView, GroupView, PanelView } from '../src/runs/panelMessages';
import { element, ElementList, readOnly, setAttribute, setText } from './dom';

interface Row {
  readonly root: HTMLTableRowElement;
  readonly cells: {
    readonly bits: HTMLElement;
    readonly score: HTMLElement;
    readonly drop: HTMLElement;
    readonly margin: HTMLElement;
    readonly time: HTMLElement;
  };
  /** What the row shows, so that an unchanged one is not touched. */
  shown: string;
}

interface Table {
  readonly root: HTMLElement;
  readonly caption: HTMLElement;
  readonly score: HTMLElement;
  readonly rows: ElementList<CellView, Row>;
}

/** One table a group, side by side where there is room. All rows are there from the start. */
export class AccuracyTables {
  readonly root = element('div', { class: 'tables' });
  private readonly tables = new ElementList<GroupView, Table>(
    this.root,
    makeTable,
    () => undefined,
  );

  update({ groups, score }: PanelView): void {
    this.tables.show(groups);
    groups.forEach(({ name, cells }, i) => {
      const table = this.tables.parts[i];
      if (table === undefined) return;
      setText(table.caption, name);
      setText(table.score, score.unit === '' ? score.name : `${score.name} ${score.unit}`);
      table.rows.show(cells);
    });
  }
}

function makeTable(): Table {
  const caption = element('caption');
  const score = element('th', { scope: 'col' });
  const body = element('tbody');
  const head = element(
    'tr',
    {},
    element('th', { scope: 'col' }, 'bits'),
    score,
    element('th', { scope: 'col', title: 'Difference to the float net' }, 'drop'),
    element('th', { scope: 'col', title: 'Inside the error margin, or missed by' }, 'margin'),
    element('th', { scope: 'col' }, 'time'),
  );
  const root = element('table', { class: 'sweep' }, caption, element('thead', {}, head), body);
  return { root, caption, score, rows: new ElementList(body, makeRow, showRow) };
}

function makeRow(): Row {
  const bits = element('th', { scope: 'row' });
  const score = element('td');
  const drop = element('td');
  const margin = element('td');
  const time = element('td');
  time.className = 'time';
  const root = element('tr', {}, bits, score, drop, margin, time);
  return { root, cells: { bits, score, drop, margin, time }, shown: '' };
}

function showRow(row: Row, cell: CellView): void {
  const key = JSON.stringify(cell);
  if (key === row.shown) return;
  row.shown = key;
  const { bits, score, drop, margin, time } = row.cells;
  bits.replaceChildren(String(cell.bits));
  if (cell.chosen) {
    bits.prepend(element('span', { class: 'chosen-mark', 'aria-hidden': 'true' }, '▸'));
    bits.append(readOnly(' chosen'));
  }
  const missed = cell.within === false;
  setAttribute(
    row.root,
    'class',
    `${cell.state}${cell.chosen ? ' chosen' : ''}${missed ? ' missed' : ''}`,
  );
  if (cell.state !== 'scored') {
    const placeholder = placeholders[cell.state];
    score.replaceChildren(
      element('span', { 'aria-hidden': 'true' }, placeholder.sign),
      readOnly(placeholder.words),
    );
    for (const empty of [drop, margin, time]) empty.replaceChildren();
    return;
  }
  score.replaceChildren(cell.score ?? '');
  drop.replaceChildren(cell.drop ?? '');
  margin.replaceChildren(
    element('span', { 'aria-hidden': 'true' }, missed ? `✕ ${cell.missedBy}` : '✓'),
    readOnly(missed ? `missed by ${cell.missedBy}` : 'inside'),
  );
  setAttribute(margin, 'title', missed ? `Missed the margin by ${cell.missedBy}` : undefined);
  time.replaceChildren(cell.time ?? '');
}

const placeholders = {
  pending: { sign: '·', words: 'not scored yet' },
  running: { sign: '…', words: 'being scored' },
  untried: { sign: '–', words: 'not tried' },
} as const;
