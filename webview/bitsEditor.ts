import type { KeptBitsView, PanelView } from '../src/runs/panelMessages';
import { bitsParts, BitsRow, type BitsPart } from './bitsRow';
import { button, element, setAttribute, setShown, setText } from './dom';
import { post } from './host';

/** Every layer's bits: to be changed by hand and scored, or to be kept in another search. */
export class BitsEditor {
  readonly root = element('section', { class: 'bits-editor', 'aria-label': 'Bits by layer' });
  private readonly title = element('span', { class: 'tab-title' }, 'Bits');
  private readonly head = element('tr');
  private readonly body = element('tbody');
  private readonly score = button('Score with these bits', 'secondary', () => this.sendAll());
  private readonly search = button('', 'secondary', () => this.sendKept());
  private readonly reset = button('Undo changes', 'secondary', () => this.undo());
  private readonly said = element('span', { class: 'remark', role: 'status' });
  private rows: readonly BitsRow[] = [];
  private shown = '';

  constructor() {
    this.root.append(
      element(
        'div',
        { class: 'tab-bar' },
        this.title,
        element('div', { class: 'tab-actions' }, this.said, this.reset, this.search, this.score),
      ),
      element(
        'div',
        { class: 'bits-scroller', role: 'region', 'aria-label': 'Table of bits', tabindex: '0' },
        element(
          'table',
          {},
          element('caption', { class: 'sr-only' }, 'Bits of every layer, to be edited'),
          element('thead', {}, this.head),
          this.body,
        ),
      ),
    );
    this.root.addEventListener('input', () => this.tell());
    this.body.addEventListener('keydown', (event) => this.onKey(event));
  }

  update({ runId, layers, points }: PanelView): void {
    const { bits, oneWidth = false } = layers;
    setShown(this.root, bits !== undefined && bits.length > 0);
    setText(this.title, points?.other === undefined ? 'Bits' : `Bits of ${points.other.name}`);
    // A view of the same net leaves alone what was typed.
    const key = JSON.stringify([runId, points?.selected, bits]);
    if (bits === undefined || key === this.shown) return;
    this.shown = key;
    const parts: readonly BitsPart[] = oneWidth ? ['weights'] : bitsParts;
    const heads = oneWidth ? ['All numbers'] : ['Weights', 'Input', 'Output'];
    this.head.replaceChildren(
      ...['Layer', ...heads].map((text) => element('th', { scope: 'col' }, text)),
      element(
        'th',
        { scope: 'col', title: 'Leave the bits as they are in another search' },
        'Keep',
      ),
    );
    this.rows = bits.map((layer) => new BitsRow(layer, parts));
    this.body.replaceChildren(...this.rows.map(({ root }) => root));
    this.tell();
  }

  private undo(): void {
    this.rows.forEach((row) => row.undo());
    this.tell();
    // Its button is gone now.
    this.rows[0]?.focus('weights');
  }

  /** Says how many fields differ from the net shown, and what can be done with them. */
  private tell(): void {
    const changed = this.rows.reduce((sum, row) => sum + row.changed, 0);
    const kept = this.rows.filter(({ isKept }) => isKept).length;
    const isWrong = this.rows.some(({ isWrong: wrong }) => wrong);
    setText(
      this.said,
      isWrong ? 'Give whole numbers from 1 to 32' : changed === 0 ? '' : `${changed} changed`,
    );
    setShown(this.reset, changed > 0);
    setAttribute(this.score, 'disabled', changed === 0 || isWrong ? '' : undefined);
    setText(this.search, `Search again, keeping ${kept === 1 ? '1 layer' : `${kept} layers`}`);
    // With every layer kept there is nothing to search for: that is scoring.
    setShown(this.search, kept > 0 && kept < this.rows.length);
    setAttribute(this.search, 'disabled', isWrong ? '' : undefined);
  }

  private sendAll(): void {
    if (!this.score.hasAttribute('disabled')) post({ type: 'scoreBits', keep: bitsOf(this.rows) });
  }

  private sendKept(): void {
    if (this.search.hasAttribute('disabled')) return;
    post({ type: 'searchKeeping', keep: bitsOf(this.rows.filter(({ isKept }) => isKept)) });
  }

  /** Enter takes what was typed and goes to the field below, from the last one to the button. */
  private onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    const at = this.rows.findIndex(({ root }) => root.contains(document.activeElement));
    const part = this.rows[at]?.focusedPart;
    if (part === undefined) return;
    event.preventDefault();
    const below = this.rows[at + 1];
    if (below !== undefined) below.focus(part);
    else if (!this.score.hasAttribute('disabled')) focusWhenEnabled(this.score);
  }
}

/** A button of the toolkit takes the focus only from the frame on in which it is drawn enabled. */
function focusWhenEnabled(button: HTMLElement): void {
  button.focus();
  if (document.activeElement !== button) requestAnimationFrame(() => button.focus());
}

function bitsOf(rows: readonly BitsRow[]): KeptBitsView {
  return Object.fromEntries(rows.map(({ layer, values }) => [layer.layer, values]));
}
