type Child = Node | string;

/** Makes an element with attributes and children; text is always text, never markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes?: Readonly<Record<string, string>>,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name];
export function element(
  name: string,
  attributes?: Readonly<Record<string, string>>,
  ...children: readonly Child[]
): HTMLElement;
export function element(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Makes an SVG element. */
export function svgElement(
  name: string,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly Child[]
): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/** Sets a text where it changed: an untouched node keeps the selection and is not read out again. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Sets or removes an attribute where it changed. */
export function setAttribute(
  target: Element,
  name: string,
  value: string | number | undefined,
): void {
  if (value === undefined) target.removeAttribute(name);
  else if (target.getAttribute(name) !== String(value)) target.setAttribute(name, String(value));
}

/** Shows or hides an element. */
export function setShown(target: HTMLElement, isShown: boolean): void {
  if (target.hidden === isShown) target.hidden = !isShown;
}

/** Text that only a screen reader reads. */
export function readOnly(text: string): HTMLSpanElement {
  return element('span', { class: 'sr-only' }, text);
}

/** A sign for the eye, which a screen reader skips. */
export function sign(text: string): HTMLSpanElement {
  return element('span', { 'aria-hidden': 'true' }, text);
}

/** `net 6` as a button's label has it: `Net 6`. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A button of the toolkit. */
export function button(
  text: string,
  appearance: 'primary' | 'secondary',
  onClick: () => void,
): HTMLElement {
  const made = element('vscode-button', { appearance }, text);
  made.addEventListener('click', onClick);
  return made;
}

/** Keeps a list of elements in step with a list of items, by position; elements are reused. */
export class ElementList<Item, Part extends { readonly root: Element }> {
  readonly parts: Part[] = [];

  constructor(
    private readonly parent: Element,
    private readonly make: (index: number) => Part,
    private readonly update: (part: Part, item: Item, index: number) => void,
  ) {}

  show(items: readonly Item[]): void {
    while (this.parts.length > items.length) this.parts.pop()?.root.remove();
    items.forEach((item, index) => {
      let part = this.parts[index];
      if (part === undefined) {
        part = this.make(index);
        this.parts.push(part);
        this.parent.append(part.root);
      }
      this.update(part, item, index);
    });
  }
}
