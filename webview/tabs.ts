import type { Panels } from '@vscode/webview-ui-toolkit';
import { element, setAttribute, setText } from './dom';
import { savedState, saveState } from './host';

/** The four tabs; the one that is open is remembered. */
export class Tabs {
  readonly root: HTMLElement;
  private readonly heads: ReadonlyMap<string, HTMLElement>;

  constructor(
    tabs: readonly { readonly id: string; readonly title: string; readonly content: HTMLElement }[],
  ) {
    const open = tabs.find(({ id }) => id === savedState().tab)?.id ?? tabs[0]?.id ?? '';
    this.root = element('vscode-panels', { activeid: `tab-${open}`, 'aria-label': 'Results' });
    this.heads = new Map(
      tabs.map(({ id, title }) => [id, element('vscode-panel-tab', { id: `tab-${id}` }, title)]),
    );
    this.root.append(
      ...this.heads.values(),
      ...tabs.map(({ id, content }) => element('vscode-panel-view', { id: `view-${id}` }, content)),
    );
    this.root.addEventListener('change', () => {
      // The attribute follows the property later.
      const { activeid } = this.root as Panels;
      saveState({ tab: activeid.replace(/^tab-/, '') });
    });
  }

  rename(id: string, title: string): void {
    const head = this.heads.get(id);
    if (head === undefined) return;
    setText(head, title);
    // The toolkit names a tab by its first text and leaves it at that.
    setAttribute(head, 'aria-label', title);
  }
}
