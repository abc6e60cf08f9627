import type { LayerBits } from '../src/runs/panelMessages';
import { element, setAttribute } from './dom';

export const bitsParts = ['weights', 'input', 'output'] as const;
export type BitsPart = (typeof bitsParts)[number];

const partNames: Readonly<Record<BitsPart, string>> = {
  weights: 'the weights',
  input: 'the input',
  output: 'the output',
};

/** A layer with a field for the bits of each of its parts, and a mark that they are to be kept. */
export class BitsRow {
  readonly root: HTMLElement;
  private readonly fields: ReadonlyMap<BitsPart, HTMLInputElement>;
  private readonly keep: HTMLInputElement;

  /** @param parts those that have a field; with one of them only, it stands for all */
  constructor(
    readonly layer: LayerBits,
    private readonly parts: readonly BitsPart[],
  ) {
    const name = layer.layer;
    this.keep = element('input', { type: 'checkbox', 'aria-label': `Keep the bits of ${name}` });
    this.keep.checked = layer.kept === true;
    this.fields = new Map(parts.map((part) => [part, this.field(part)]));
    this.root = element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      ...[...this.fields.values()].map((field) => element('td', {}, field)),
      element('td', {}, this.keep),
    );
  }

  get isKept(): boolean {
    return this.keep.checked;
  }

  get values(): Readonly<Record<BitsPart, number>> {
    const valueOf = (part: BitsPart): number =>
      Number((this.fields.get(part) ?? this.fields.get('weights'))?.value);
    return { weights: valueOf('weights'), input: valueOf('input'), output: valueOf('output') };
  }

  /** Fields that differ from the net. */
  get changed(): number {
    return this.parts.filter((part) => this.values[part] !== this.layer[part]).length;
  }

  get isWrong(): boolean {
    return this.parts.some((part) => !isWidth(this.values[part]));
  }

  /** The part whose field has the focus. */
  get focusedPart(): BitsPart | undefined {
    return this.parts.find((part) => this.fields.get(part) === document.activeElement);
  }

  /** Goes to a field, its text selected to be typed over. */
  focus(part: BitsPart): void {
    this.fields.get(part)?.focus();
    this.fields.get(part)?.select();
  }

  undo(): void {
    for (const part of this.parts) this.undoPart(part);
  }

  private undoPart(part: BitsPart): void {
    const field = this.fields.get(part);
    if (field === undefined) return;
    field.value = String(this.layer[part]);
    this.mark(part, field);
  }

  private field(part: BitsPart): HTMLInputElement {
    const { layer } = this;
    const what = this.parts.length === 1 ? 'all numbers' : partNames[part];
    const made = element('input', {
      type: 'number',
      min: '1',
      max: '32',
      step: '1',
      inputmode: 'numeric',
      'aria-label': `${layer.layer}, bits of ${what}`,
    });
    made.value = String(layer[part]);
    made.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      this.undoPart(part);
      made.dispatchEvent(new Event('input', { bubbles: true }));
    });
    made.addEventListener('input', () => this.mark(part, made));
    return made;
  }

  private mark(part: BitsPart, field: HTMLInputElement): void {
    const value = Number(field.value);
    const isChanged = value !== this.layer[part];
    field.classList.toggle('changed', isChanged);
    setAttribute(field, 'aria-invalid', isWidth(value) ? undefined : 'true');
    setAttribute(field, 'title', isChanged ? `The net has ${this.layer[part]} bit` : undefined);
  }
}

function isWidth(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 32;
}
