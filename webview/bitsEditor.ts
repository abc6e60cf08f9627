import type { KeptBitsView, LayerBits, PanelView } from '../src/runs/panelMessages';
import { button, element, setAttribute, setShown, setText } from './dom';
import { post } from './host';

const parts = ['weights', 'input', 'output'] as const;
type Part = (typeof parts)[number];

/** Every layer's bits, to be changed by hand and scored. */
export class BitsEditor {
  readonly root = element('section', { class: 'bits-editor', 'aria-label': 'Bits by layer' });
  private readonly body = element('tbody');
  private readonly score = button('Score with these bits', 'secondary', () => this.send());
  private readonly reset = button('Undo changes', 'secondary', () => this.undo());
  private readonly said = element('span', { class: 'remark', role: 'status' });
  private rows: readonly BitsRow[] = [];
  private shown = '';

  constructor() {
    const head = (text: string): HTMLElement => element('th', { scope: 'col' }, text);
    this.root.append(
      element(
        'div',
        { class: 'tab-bar' },
        element('span', { class: 'tab-title' }, 'Bits'),
        element('div', { class: 'tab-actions' }, this.said, this.reset, this.score),
      ),
      element(
        'div',
        { class: 'bits-scroller', role: 'region', 'aria-label': 'Table of bits', tabindex: '0' },
        element(
          'table',
          {},
          element('caption', { class: 'sr-only' }, 'Bits of every layer, to be edited'),
          element(
            'thead',
            {},
            element('tr', {}, head('Layer'), head('Weights'), head('Input'), head('Output')),
          ),
          this.body,
        ),
      ),
    );
    this.root.addEventListener('input', () => this.tell());
  }

  update({ layers, actions }: PanelView): void {
    const { bits } = layers;
    setShown(this.root, bits !== undefined && bits.length > 0);
    const key = JSON.stringify([bits, actions.includes('quantizeAgain')]);
    if (bits === undefined || key === this.shown) return;
    this.shown = key;
    this.rows = bits.map((layer) => new BitsRow(layer));
    this.body.replaceChildren(...this.rows.map(({ root }) => root));
    this.tell();
  }

  private undo(): void {
    this.rows.forEach((row) => row.undo());
    this.tell();
  }

  /** Says how many fields differ from the net shown, and whether they can be scored. */
  private tell(): void {
    const changed = this.rows.reduce((sum, row) => sum + row.changed, 0);
    const isWrong = this.rows.some(({ isWrong: wrong }) => wrong);
    setText(
      this.said,
      isWrong ? 'Give whole numbers from 1 to 32' : changed === 0 ? '' : `${changed} changed`,
    );
    setShown(this.reset, changed > 0);
    setAttribute(this.score, 'disabled', changed === 0 || isWrong ? '' : undefined);
  }

  private send(): void {
    if (this.score.hasAttribute('disabled')) return;
    const keep: KeptBitsView = Object.fromEntries(
      this.rows.map(({ layer, values }) => [layer.layer, values]),
    );
    post({ type: 'scoreBits', keep });
  }
}

/** A layer with a field for the bits of each of its parts. */
class BitsRow {
  readonly root: HTMLElement;
  private readonly fields: Readonly<Record<Part, HTMLInputElement>>;

  constructor(readonly layer: LayerBits) {
    const field = (part: Part): HTMLInputElement => {
      const made = element('input', {
        type: 'number',
        min: '1',
        max: '32',
        step: '1',
        inputmode: 'numeric',
        'aria-label': `${layer.layer}, bits of ${part === 'weights' ? 'the weights' : `the ${part}`}`,
      });
      made.value = String(layer[part]);
      made.addEventListener('keydown', (event) => {
        if (event.key !== 'Escape') return;
        made.value = String(layer[part]);
        made.dispatchEvent(new Event('input', { bubbles: true }));
      });
      made.addEventListener('input', () => this.mark(part));
      return made;
    };
    this.fields = { weights: field('weights'), input: field('input'), output: field('output') };
    this.root = element(
      'tr',
      {},
      element('th', { scope: 'row' }, layer.layer),
      ...parts.map((part) => element('td', {}, this.fields[part])),
    );
  }

  get values(): Readonly<Record<Part, number>> {
    const { weights, input, output } = this.fields;
    return {
      weights: Number(weights.value),
      input: Number(input.value),
      output: Number(output.value),
    };
  }

  /** Fields that differ from the net. */
  get changed(): number {
    return parts.filter((part) => this.values[part] !== this.layer[part]).length;
  }

  get isWrong(): boolean {
    return parts.some((part) => !isWidth(this.values[part]));
  }

  undo(): void {
    for (const part of parts) {
      this.fields[part].value = String(this.layer[part]);
      this.mark(part);
    }
  }

  private mark(part: Part): void {
    const value = this.values[part];
    this.fields[part].classList.toggle('changed', value !== this.layer[part]);
    setAttribute(this.fields[part], 'aria-invalid', isWidth(value) ? undefined : 'true');
  }
}

function isWidth(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 32;
}
