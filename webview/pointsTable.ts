import type { CellText, ColumnView, PanelView, PointView } from '../src/runs/panelMessages';
import { element, ElementList, readOnly, setAttribute, setShown, setText, sign } from './dom';
import type { PointEvents } from './frontierChart';

/** The nets that a best search scored whole, the smallest first; a click shows a net's prototxt. */
export class PointsTable {
  readonly root = element('div', { class: 'points' });
  private readonly head = element('tr');
  private readonly body = element('tbody');
  private readonly heads = new ElementList(
    this.head,
    (): { readonly root: HTMLElement } => ({ root: element('th', { scope: 'col' }) }),
    ({ root }, { key, title, description, numeric }: ColumnView) => {
      setAttribute(root, 'class', columnClass(key, numeric));
      setAttribute(root, 'title', description);
      setText(root, title);
    },
  );
  private readonly list: ElementList<PointView, PointRow>;
  private columns: readonly ColumnView[] = [];
  private selected: number | undefined;

  constructor(private readonly events: PointEvents) {
    this.root.append(
      element(
        'table',
        {},
        element('caption', { class: 'sr-only' }, 'Nets scored on all images'),
        element('thead', {}, this.head),
        this.body,
      ),
    );
    this.list = new ElementList(
      this.body,
      () => new PointRow((index) => this.events.onChoose(index)),
      (row, point) => row.update(point, this.columns, point.index === this.selected),
    );
    this.body.addEventListener('keydown', (event) => this.onKey(event));
  }

  update({ points }: PanelView): void {
    this.selected = points?.selected;
    this.columns = points?.columns ?? [];
    setShown(this.root, (points?.points.length ?? 0) > 0);
    this.heads.show(this.columns);
    this.list.show(points?.points ?? []);
  }

  /** The arrow keys go from net to net. */
  private onKey(event: KeyboardEvent): void {
    const rows = this.list.parts;
    const at = rows.findIndex(({ button }) => button === document.activeElement);
    const last = rows.length - 1;
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: last }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    rows[Math.min(Math.max(to, 0), last)]?.button.focus();
  }
}

function columnClass(key: string, isNumeric: boolean): string {
  return `${isNumeric ? 'number ' : ''}column-${key}`;
}

/** The column whose cells choose a net. */
const chooser = 'weights';

class PointRow {
  readonly button = element('button', { type: 'button', class: 'size' });
  readonly root = element('tr');
  private readonly mark = sign('▸');
  private readonly said = readOnly('');
  private readonly size = element('span');
  private keys = '';
  private index = 0;

  constructor(onChoose: (index: number) => void) {
    this.mark.className = 'chosen-mark';
    this.button.append(this.mark, this.said, this.size);
    this.root.addEventListener('click', () => {
      // A text that was just selected is to be copied.
      if (document.getSelection()?.type !== 'Range') onChoose(this.index);
    });
  }

  update(point: PointView, columns: readonly ColumnView[], isSelected: boolean): void {
    this.index = point.index;
    setAttribute(
      this.root,
      'class',
      `net ${point.kind} ${point.verdict}${isSelected ? ' selected' : ''}`,
    );
    setAttribute(this.root, 'title', point.label);
    setAttribute(this.button, 'aria-pressed', String(isSelected));
    this.mark.hidden = !point.isDelivered;
    setText(this.said, point.isDelivered ? 'delivered: ' : '');
    this.makeCells(columns);
    columns.forEach(({ key }, at) => this.showCell(key, this.root.children[at], point.cells[at]));
  }

  /** Made once for the same columns: the focus stays where it is. */
  private makeCells(columns: readonly ColumnView[]): void {
    const keys = columns.map(({ key }) => key).join(' ');
    if (keys === this.keys) return;
    this.keys = keys;
    this.root.replaceChildren(
      ...columns.map(({ key, numeric }) => {
        if (key === chooser) return element('th', { scope: 'row', class: 'number' }, this.button);
        return element('td', { class: columnClass(key, numeric) });
      }),
    );
  }

  private showCell(key: string, place: Element | undefined, cell: CellText | undefined): void {
    if (place === undefined || cell === undefined) return;
    if (key === chooser) {
      setText(this.size, cell.text);
      setAttribute(this.button, 'title', cell.title);
    } else {
      setText(place, cell.text);
      setAttribute(place, 'title', cell.title);
    }
  }
}
