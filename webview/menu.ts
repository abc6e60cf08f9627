import { element, setShown } from './dom';

export interface MenuItem {
  readonly label: string;
  run(): void;
}

/** A button that opens a menu, to be used by mouse and by keyboard. */
export class Menu {
  readonly root = element('div', { class: 'menu-place' });
  private readonly opener = element(
    'vscode-button',
    { appearance: 'icon', 'aria-label': 'More actions', 'aria-haspopup': 'menu' },
    '⋯',
  );
  private readonly list = element('ul', { class: 'menu', role: 'menu' });
  private items: readonly MenuItem[] = [];

  constructor() {
    this.list.hidden = true;
    this.opener.setAttribute('aria-expanded', 'false');
    this.root.append(this.opener, this.list);
    this.opener.addEventListener('click', () => this.toggle(this.list.hidden));
    this.root.addEventListener('keydown', (event) => this.onKey(event));
    this.root.addEventListener('focusout', ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.root.contains(relatedTarget))) this.toggle(false);
    });
  }

  update(items: readonly MenuItem[]): void {
    const isSame =
      items.length === this.items.length &&
      items.every(({ label }, i) => label === this.items[i]?.label);
    this.items = items;
    setShown(this.root, items.length > 0);
    if (isSame) return;
    this.list.replaceChildren(
      ...items.map(({ label }, i) => {
        const entry = element('li', { role: 'menuitem', tabindex: '-1' }, label);
        entry.addEventListener('click', () => this.choose(i));
        return entry;
      }),
    );
  }

  private toggle(open: boolean): void {
    setShown(this.list, open);
    this.opener.setAttribute('aria-expanded', String(open));
    if (open) this.focusItem(0);
  }

  private choose(index: number): void {
    this.close();
    this.items[index]?.run();
  }

  private close(): void {
    this.toggle(false);
    this.opener.focus();
  }

  private onKey(event: KeyboardEvent): void {
    const entries = [...this.list.children];
    const at = entries.findIndex((entry) => entry === document.activeElement);
    if (this.list.hidden) {
      if (event.key !== 'ArrowDown') return;
      this.toggle(true);
    } else {
      switch (event.key) {
        case 'ArrowDown':
          this.focusItem((at + 1) % entries.length);
          break;
        case 'ArrowUp':
          this.focusItem((at + entries.length - 1) % entries.length);
          break;
        case 'Home':
          this.focusItem(0);
          break;
        case 'End':
          this.focusItem(entries.length - 1);
          break;
        case 'Enter':
        case ' ':
          if (at < 0) return;
          this.choose(at);
          break;
        case 'Escape':
          this.close();
          break;
        default:
          return;
      }
    }
    event.preventDefault();
  }

  private focusItem(index: number): void {
    const entry = this.list.children[index];
    if (entry instanceof HTMLElement) entry.focus();
  }
}
