import { element, setAttribute, setShown } from './dom';

export interface MenuItem {
  readonly label: string;
  /** A line below the label. */
  readonly detail?: string | undefined;
  /** The page has a button for it where it is wide. */
  readonly isNarrowOnly: boolean;
  run(): void;
}

/** A button that opens a menu, to be used by mouse and by keyboard. */
export class Menu {
  readonly root = element('div', { class: 'menu-place' });
  private readonly opener = element(
    'vscode-button',
    {
      appearance: 'icon',
      'aria-label': 'More actions',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      title: 'More actions',
    },
    '⋯',
  );
  private readonly list = element('ul', {
    class: 'menu',
    role: 'menu',
    'aria-label': 'More actions',
  });
  private items: readonly MenuItem[] = [];

  constructor() {
    this.list.hidden = true;
    this.root.append(this.opener, this.list);
    this.opener.addEventListener('click', () => {
      if (this.list.hidden) this.open('first');
      else this.close();
    });
    this.root.addEventListener('keydown', (event) => this.onKey(event));
    this.root.addEventListener('focusout', ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.root.contains(relatedTarget))) this.hide();
    });
  }

  update(items: readonly MenuItem[]): void {
    const isSame =
      items.length === this.items.length &&
      items.every(({ label }, i) => label === this.items[i]?.label);
    this.items = items;
    setShown(this.root, items.length > 0);
    if (isSame) return;
    const hadFocus = this.list.contains(document.activeElement);
    this.list.replaceChildren(
      ...items.map(({ label, detail, isNarrowOnly }, i) => {
        const entry = element(
          'li',
          { role: 'menuitem', tabindex: '-1', class: isNarrowOnly ? 'narrow-only' : '' },
          label,
        );
        if (detail !== undefined) entry.append(element('div', { class: 'detail' }, detail));
        entry.addEventListener('click', () => this.choose(i));
        entry.addEventListener('pointermove', () => entry.focus());
        return entry;
      }),
    );
    // What was open offers something else now.
    if (hadFocus) this.close();
  }

  private open(at: 'first' | 'last'): void {
    setShown(this.list, true);
    setAttribute(this.opener, 'aria-expanded', 'true');
    this.entries()
      .at(at === 'first' ? 0 : -1)
      ?.focus();
  }

  private hide(): void {
    setShown(this.list, false);
    setAttribute(this.opener, 'aria-expanded', 'false');
  }

  private close(): void {
    this.opener.focus();
    this.hide();
  }

  private choose(index: number): void {
    this.close();
    this.items[index]?.run();
  }

  private onKey(event: KeyboardEvent): void {
    if (this.list.hidden) {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
      this.open(event.key === 'ArrowDown' ? 'first' : 'last');
    } else if (!this.onMenuKey(event.key)) {
      return;
    }
    event.preventDefault();
  }

  /** Whether the key was one of the menu's. Tab is not: it leaves, and that closes. */
  private onMenuKey(key: string): boolean {
    const entries = this.entries();
    const at = entries.findIndex((entry) => entry === document.activeElement);
    switch (key) {
      case 'ArrowDown':
        entries[(at + 1) % entries.length]?.focus();
        return true;
      case 'ArrowUp':
        entries[(Math.max(at, 0) + entries.length - 1) % entries.length]?.focus();
        return true;
      case 'Home':
        entries[0]?.focus();
        return true;
      case 'End':
        entries.at(-1)?.focus();
        return true;
      case 'Enter':
      case ' ':
        if (at >= 0) entries[at]?.click();
        return at >= 0;
      case 'Escape':
        this.close();
        return true;
      default:
        return key.length === 1 && this.focusLetter(key, entries, at);
    }
  }

  /** The next entry that starts with a letter. */
  private focusLetter(letter: string, entries: readonly HTMLElement[], at: number): boolean {
    const found = [...entries.slice(at + 1), ...entries.slice(0, at + 1)].find((entry) =>
      entry.textContent?.toLowerCase().startsWith(letter.toLowerCase()),
    );
    found?.focus();
    return found !== undefined;
  }

  /** The entries that show: one has a button instead on a wide page. */
  private entries(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>('li')].filter((entry) =>
      entry.checkVisibility(),
    );
  }
}
