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
  readonly groups: { readonly places: CellPlaces; shown: string }[];
}

/** All groups side by side over the same widths, for a wide page. */
export class SweepTable {
  readonly root: HTMLElement;
  private readonly names = element('tr');
  private readonly heads = element('tr');
  private readonly body = element('tbody');
  private readonly bits = element(
    'th',
    { scope: 'col', rowspan: '2', class: 'bits' },
    element('span', {}, 'bits'),
  );
  private readonly groups: { readonly name: HTMLElement; readonly heads: ScoreHeads }[] = [];
  private readonly rows = new ElementList<number, Row>(this.body, makeRow, () => undefined);

  constructor() {
    this.names.append(this.bits);
    this.root = element(
      'table',
      { class: 'sweep-wide' },
      element('caption', { class: 'sr-only' }, 'All groups'),
      element('thead', {}, this.names, this.heads),
      this.body,
    );
  }

  update({ groups, widths, score }: PanelView): void {
    this.showHead(groups);
    for (const group of this.groups) {
      nameHeads(group.heads, score);
    }
    this.rows.show(widths);
    widths.forEach((bits, i) => {
      const row = this.rows.parts[i];
      if (row === undefined) return;
      setText(row.bits, String(bits));
      showRow(
        row,
        groups.map(({ cells }) => cells[i]),
      );
    });
  }

  private showHead(groups: readonly GroupView[]): void {
    if (groups.length !== this.groups.length) {
      this.groups.length = 0;
      this.names.replaceChildren(this.bits);
      this.heads.replaceChildren();
      for (const at of groups.keys()) {
        const name = element('th', { scope: 'colgroup', colspan: '4', class: groupClass(at) });
        const { all, ...heads } = columnHeads();
        heads.score.classList.add(...groupClass(at).split(' '));
        this.names.append(name);
        this.heads.append(...all);
        this.groups.push({ name, heads });
      }
    }
    groups.forEach(({ name }, at) => {
      const head = this.groups[at];
      if (head !== undefined) setText(head.name, name);
    });
  }
}

function groupClass(at: number): string {
  return at === 0 ? 'group' : 'group later';
}

function makeRow(): Row {
  const bits = element('th', { scope: 'row', class: 'bits' });
  return { root: element('tr', {}, bits), bits, groups: [] };
}

function showRow(row: Row, cells: readonly (CellView | undefined)[]): void {
  if (cells.length !== row.groups.length) {
    row.groups.length = 0;
    row.root.replaceChildren(row.bits);
    while (row.groups.length < cells.length) {
      const places = makePlaces();
      row.root.append(places.score, places.drop, places.margin, places.time);
      row.groups.push({ places, shown: '' });
    }
  }
  cells.forEach((cell, at) => {
    const group = row.groups[at];
    if (group === undefined || cell === undefined) return;
    const key = JSON.stringify(cell);
    if (key === group.shown) return;
    group.shown = key;
    showCell(group.places, cell);
    for (const [name, place] of Object.entries(group.places) as [string, HTMLElement][]) {
      const first = name === 'score' ? ` ${groupClass(at)}` : '';
      setAttribute(place, 'class', `${name} ${cellClass(cell)}${first}`);
    }
    if (cell.chosen) {
      const mark = sign('▸');
      mark.className = 'chosen-mark';
      group.places.score.prepend(mark, readOnly('chosen: '));
    }
  });
}
