import type { PanelView, PointView } from '../src/runs/panelMessages';
import { element, ElementList, readOnly, setAttribute, setShown, setText, sign } from './dom';
import type { PointEvents } from './frontierChart';

/** The nets that a best search scored whole, the smallest first; a click shows a net's prototxt. */
export class PointsTable {
  readonly root = element('div', { class: 'points' });
  private readonly body = element('tbody');
  private readonly list: ElementList<PointView, PointRow>;
  private readonly operations = element(
    'th',
    {
      scope: 'col',
      class: 'number',
      title: 'Multiplications of an image, each bits of the weight times bits of the input',
    },
    'Operations',
  );
  private selected: number | undefined;

  constructor(private readonly events: PointEvents) {
    const head = (text: string, title: string, isNumber = true): HTMLElement =>
      element('th', { scope: 'col', class: isNumber ? 'number' : '', title }, text);
    this.root.append(
      element(
        'table',
        {},
        element('caption', { class: 'sr-only' }, 'Nets scored on all images'),
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            head('Net', 'The order in which the search scored them'),
            head('Weights', 'Bytes of all weights and biases'),
            head('Activations', 'Bits of inputs and outputs on average'),
            this.operations,
            head(
              'Score',
              'On all images; ≤ where scoring stopped since it was certain to fall outside',
            ),
            head('Change', 'Difference to the float net'),
            head('Margin', 'Whether the score lies inside the margin, and how firm that is', false),
          ),
        ),
        this.body,
      ),
    );
    this.list = new ElementList(
      this.body,
      () => new PointRow((index) => this.events.onChoose(index)),
      (row, point) => row.update(point, point.index === this.selected),
    );
    this.body.addEventListener('keydown', (event) => this.onKey(event));
  }

  update({ points }: PanelView): void {
    this.selected = points?.selected;
    setShown(this.operations, points?.cost.unit === '');
    setShown(this.root, (points?.points.length ?? 0) > 0);
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

class PointRow {
  readonly button = element('button', { type: 'button', class: 'size' });
  private readonly mark = sign('▸');
  private readonly said = readOnly('');
  private readonly number = element('td', { class: 'number net-number' });
  private readonly size = element('span');
  private readonly activations = element('td', { class: 'number' });
  private readonly operations = element('td', { class: 'number' });
  private readonly score = element('td', { class: 'number' });
  private readonly change = element('td', { class: 'number' });
  private readonly verdict = element('td', { class: 'verdict' });
  readonly root = element(
    'tr',
    {},
    this.number,
    element('th', { scope: 'row', class: 'number' }, this.button),
    this.activations,
    this.operations,
    this.score,
    this.change,
    this.verdict,
  );
  private index = 0;

  constructor(onChoose: (index: number) => void) {
    this.mark.className = 'chosen-mark';
    this.button.append(this.mark, this.said, this.size);
    this.root.addEventListener('click', () => {
      // A text that was just selected is to be copied.
      if (document.getSelection()?.type !== 'Range') onChoose(this.index);
    });
  }

  update(point: PointView, isSelected: boolean): void {
    this.index = point.index;
    setAttribute(
      this.root,
      'class',
      `net ${point.kind} ${point.verdict}${isSelected ? ' selected' : ''}`,
    );
    setText(this.number, String(point.number));
    setAttribute(this.root, 'title', point.label);
    setText(this.size, point.size);
    setAttribute(this.button, 'title', point.exactSize);
    setAttribute(this.button, 'aria-pressed', String(isSelected));
    this.mark.hidden = !point.isDelivered;
    setText(this.said, point.isDelivered ? 'delivered: ' : '');
    setText(this.activations, point.activations);
    setShown(this.operations, point.operations !== undefined);
    setText(this.operations, point.operations ?? '');
    setText(this.score, point.score);
    setText(this.change, point.change);
    setText(this.verdict, `${point.verdict}, ${point.firmness}`);
  }
}
