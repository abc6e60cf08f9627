import type { DiffLine, DiffRow, DiffView, PanelView } from '../src/runs/panelMessages';
import { button, element, readOnly, setShown, setText } from './dom';
import { act } from './host';

/** The change of the prototxt, as it will be saved. */
export class Diff {
  readonly root = element('section', { class: 'diff-section', 'aria-label': 'Prototxt diff' });
  private readonly empty = element(
    'p',
    { class: 'empty' },
    'The diff appears here when the widths are chosen.',
  );
  private readonly file = element('span', { class: 'diff-file' });
  private readonly added = element('span', { class: 'added-count' });
  private readonly removed = element('span', { class: 'removed-count' });
  private readonly bar = element(
    'div',
    { class: 'tab-bar' },
    element('span', { class: 'tab-title' }, this.file, this.added, this.removed),
    button('Open in Diff Editor', 'secondary', () => act('openDiff')),
  );
  private readonly body = element('tbody');
  private readonly scroller = element(
    'div',
    { class: 'diff', tabindex: '0', role: 'region', 'aria-label': 'Changed lines' },
    element('table', {}, element('caption', { class: 'sr-only' }, 'Changed lines'), this.body),
  );
  private shown: string | undefined;

  constructor() {
    this.root.append(this.empty, this.bar, this.scroller);
  }

  update({ runId, diff }: PanelView): void {
    setShown(this.empty, diff === undefined);
    setShown(this.bar, diff !== undefined);
    setShown(this.scroller, diff !== undefined);
    const key = diff === undefined ? undefined : `${runId} ${diff.file} ${diff.added}`;
    if (key === this.shown) return;
    this.shown = key;
    if (diff !== undefined) this.show(diff);
  }

  private show({ file, added, removed, rows }: DiffView): void {
    setText(this.file, file);
    this.added.replaceChildren(`+${added}`, readOnly(' lines added'));
    this.removed.replaceChildren(`−${removed}`, readOnly(' lines removed'));
    this.body.replaceChildren(...rows.map((row) => diffRow(row)));
  }
}

function diffRow(row: DiffRow): HTMLElement {
  if (row.kind !== 'folded') return lineRow(row);
  const open = element(
    'button',
    { type: 'button', class: 'unfold' },
    `Show ${row.lines.length} unchanged lines`,
  );
  const folded = element('tr', { class: 'folded' }, element('td', { colspan: '4' }, open));
  open.addEventListener('click', () => {
    const lines = row.lines.map(lineRow);
    folded.replaceWith(...lines);
    // The button is gone: the keyboard goes on where it was.
    lines[0]?.setAttribute('tabindex', '-1');
    lines[0]?.focus();
  });
  return folded;
}

const signs = { same: '', added: '+', removed: '−' } as const;

function lineRow({ kind, oldLine, newLine, spans }: DiffLine): HTMLElement {
  const code = element('td', { class: 'code' });
  if (kind !== 'same') code.append(readOnly(`${kind}: `));
  for (const { text, token } of spans) {
    code.append(token === 'plain' ? text : element('span', { class: `token-${token}` }, text));
  }
  return element(
    'tr',
    { class: kind },
    element('td', { class: 'line' }, oldLine === undefined ? '' : String(oldLine)),
    element('td', { class: 'line' }, newLine === undefined ? '' : String(newLine)),
    element('td', { class: 'sign', 'aria-hidden': 'true' }, signs[kind]),
    code,
  );
}
