import type { LayersView, PanelView } from '../src/runs/panelMessages';
import { button, element, setAttribute, setShown, setText } from './dom';
import { act, post, savedState, saveState } from './host';

type LayerRow = LayersView['rows'][number];

/** Every layer with its ranges, formats and sizes; a click on a layer shows it in the editor. */
export class LayersTable {
  readonly root = element('section', { class: 'layers-section', 'aria-label': 'Layers' });
  private readonly empty = element('p', { class: 'empty' });
  private readonly count = element('span', { class: 'tab-title' });
  private readonly exportCsv = button('Export CSV…', 'secondary', () => act('exportLayersCsv'));
  private readonly bar = element(
    'div',
    { class: 'tab-bar' },
    this.count,
    element('div', { class: 'tab-actions' }, this.exportCsv),
  );
  private readonly head = element('tr');
  private readonly body = element('tbody');
  private readonly scroller = element(
    'div',
    { class: 'layers', role: 'region', 'aria-label': 'Table of layers', tabindex: '0' },
    element(
      'table',
      {},
      element('caption', { class: 'sr-only' }, 'Layers of the net'),
      element('thead', {}, this.head),
      this.body,
    ),
  );
  private layers: LayersView = { columns: [], rows: [] };
  private readonly rows: LayerRowParts[] = [];
  private sort = savedState().sort;
  private shown = '';

  constructor() {
    this.root.append(this.empty, this.bar, this.scroller);
    this.body.addEventListener('keydown', (event) => this.onKey(event));
  }

  update({ layers, actions, status, points }: PanelView): void {
    setShown(this.exportCsv, actions.includes('exportLayersCsv'));
    const isOver = ['cancelled', 'failed', 'interrupted'].includes(status);
    setText(
      this.empty,
      isOver
        ? 'The ranges of the layers had not been measured by then.'
        : 'The layers appear here as soon as their ranges are measured.',
    );
    const count = layers.rows.length;
    setShown(this.empty, count === 0);
    setShown(this.bar, count > 0);
    setShown(this.scroller, count > 0);
    const net = points?.other === undefined ? '' : ` of ${points.other.name}`;
    setText(this.count, `${count === 1 ? '1 layer' : `${count} layers`}${net}`);
    const key = JSON.stringify(layers);
    if (key === this.shown) return;
    this.shown = key;
    this.layers = layers;
    this.showHead();
    this.showRows();
  }

  private showHead(): void {
    const keys = this.layers.columns.map(({ key, title }) => `${key} ${title}`).join('\n');
    if (this.head.dataset['keys'] !== keys) {
      this.head.dataset['keys'] = keys;
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

  /** Rows stay where they are and get other texts: neither focus nor scroll place is lost. */
  private showRows(): void {
    const { columns } = this.layers;
    const rows = this.sortedRows();
    while (this.rows.length > rows.length) this.rows.pop()?.root.remove();
    rows.forEach((row, at) => {
      let parts = this.rows[at];
      if (parts === undefined) {
        parts = new LayerRowParts();
        this.rows.push(parts);
        this.body.append(parts.root);
      }
      parts.update(row, columns);
    });
  }

  private sortedRows(): readonly LayerRow[] {
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

  /** The arrow keys go from name to name. */
  private onKey(event: KeyboardEvent): void {
    const at = this.rows.findIndex(({ link }) => link === document.activeElement);
    if (at < 0) return;
    const last = this.rows.length - 1;
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.rows[Math.min(Math.max(to, 0), last)]?.link.focus();
  }
}

class LayerRowParts {
  readonly root = element('tr');
  readonly link = element('vscode-link', { href: '#' });
  private layer = '';

  constructor() {
    this.root.append(element('th', { scope: 'row' }, this.link));
    this.root.addEventListener('click', (event) => {
      event.preventDefault();
      // A text that was just selected is to be copied.
      if (document.getSelection()?.type === 'Range') return;
      post({ type: 'revealLayer', layer: this.layer });
    });
  }

  update({ layer, cells }: LayerRow, columns: LayersView['columns']): void {
    this.layer = layer;
    setText(this.link, cells[0]?.text ?? layer);
    setAttribute(this.link, 'title', `Show ${layer} in the editor`);
    while (this.root.children.length > Math.max(cells.length, 1)) {
      this.root.lastElementChild?.remove();
    }
    cells.slice(1).forEach(({ text }, i) => {
      const cell = this.root.children[i + 1] ?? this.root.appendChild(element('td'));
      setAttribute(cell, 'class', columns[i + 1]?.numeric === true ? 'number' : '');
      setText(cell, text);
    });
  }
}
