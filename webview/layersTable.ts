import type { LayersView, PanelView } from '../src/runs/panelMessages';
import { element, setAttribute, setText } from './dom';
import { post, savedState, saveState } from './host';

/** Every layer with its ranges, formats and sizes; a click on a layer shows it in the editor. */
export class LayersTable {
  readonly root = element('div', {
    class: 'layers',
    role: 'region',
    'aria-label': 'Layers',
    tabindex: '0',
  });
  private readonly empty = element(
    'p',
    { class: 'empty' },
    'The layers appear here as soon as their ranges are measured.',
  );
  private readonly head = element('tr');
  private readonly body = element('tbody');
  private readonly table = element(
    'table',
    {},
    element('caption', { class: 'sr-only' }, 'Layers of the net'),
    element('thead', {}, this.head),
    this.body,
  );
  private layers: LayersView = { columns: [], rows: [] };
  private sort = savedState().sort;
  private shown = '';

  constructor() {
    this.root.append(this.empty, this.table);
  }

  update({ layers }: PanelView): void {
    const key = JSON.stringify(layers);
    if (key === this.shown) return;
    this.shown = key;
    this.layers = layers;
    this.empty.hidden = layers.rows.length > 0;
    this.table.hidden = layers.rows.length === 0;
    this.showHead();
    this.showRows();
  }

  private showHead(): void {
    if (this.head.children.length !== this.layers.columns.length) {
      this.head.replaceChildren(
        ...this.layers.columns.map(({ key, title, description, numeric }) => {
          const sorter = element('button', { type: 'button', title: description }, title);
          sorter.addEventListener('click', () => this.sortBy(key));
          return element('th', { scope: 'col', class: numeric ? 'number' : '' }, sorter);
        }),
      );
    }
    this.layers.columns.forEach(({ key }, i) => {
      const cell = this.head.children[i];
      if (cell === undefined) return;
      const order = this.sort?.descending === true ? 'descending' : 'ascending';
      setAttribute(cell, 'aria-sort', this.sort?.key === key ? order : undefined);
    });
  }

  private showRows(): void {
    const { columns } = this.layers;
    this.body.replaceChildren(
      ...this.sortedRows().map(({ layer, cells }) => {
        const row = element('tr');
        cells.forEach(({ text }, i) => {
          if (i > 0) {
            const numeric = columns[i]?.numeric === true;
            row.append(element('td', { class: numeric ? 'number' : '' }, text));
            return;
          }
          const link = element('vscode-link', { href: '#', title: `Show ${layer} in the editor` });
          setText(link, text);
          row.append(element('th', { scope: 'row' }, link));
        });
        row.addEventListener('click', (event) => {
          event.preventDefault();
          post({ type: 'revealLayer', layer });
        });
        return row;
      }),
    );
  }

  private sortedRows(): LayersView['rows'] {
    const { sort } = this;
    const column = this.layers.columns.findIndex(({ key }) => key === sort?.key);
    if (sort === undefined || column < 0) return this.layers.rows;
    const sign = sort.descending ? -1 : 1;
    return [...this.layers.rows].sort((a, b) => {
      const [x, y] = [a.cells[column]?.sort ?? '', b.cells[column]?.sort ?? ''];
      if (typeof x === 'number' && typeof y === 'number') return sign * (x - y);
      return sign * String(x).localeCompare(String(y), undefined, { numeric: true });
    });
  }

  /** Ascending, descending, then the order of the file again. */
  private sortBy(key: string): void {
    const isSame = this.sort?.key === key;
    if (isSame && this.sort?.descending === true) this.sort = undefined;
    else this.sort = { key, descending: isSame };
    saveState({ sort: this.sort });
    this.showHead();
    this.showRows();
  }
}
