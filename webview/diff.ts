import type { DiffLine, DiffRow, DiffView, PanelView } from '../src/runs/panelMessages';
import { button, capital, element, readOnly, setShown, setText } from './dom';
import { act, savedState, saveState } from './host';

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
  private readonly open = button('Open in Diff Editor', 'secondary', () => act('openDiff'));
  private readonly save = button('Save', 'secondary', () => act('savePrototxt'));
  private readonly bar = element(
    'div',
    { class: 'tab-bar' },
    element('span', { class: 'tab-title' }, this.file, this.added, this.removed),
    element('div', { class: 'tab-actions' }, this.open, this.save),
  );
  private readonly lines = element('div', {
    class: 'diff',
    tabindex: '-1',
    role: 'region',
    'aria-label': 'Changed lines',
  });
  private shown = '';

  constructor() {
    this.root.append(this.empty, this.bar, this.lines);
  }

  update({ runId, diff, status, actions, points }: PanelView): void {
    const net = points?.other === undefined ? undefined : capital(points.other.name);
    setText(this.open, net === undefined ? 'Open in Diff Editor' : `Open ${net} in Diff Editor`);
    setText(this.save, net === undefined ? 'Save' : `Save ${net}`);
    const isOver = ['cancelled', 'failed', 'interrupted'].includes(status);
    setText(
      this.empty,
      isOver
        ? 'There is no diff: the run did not get to choose the widths.'
        : 'The diff appears here when the widths are chosen.',
    );
    setShown(this.empty, diff === undefined);
    setShown(this.bar, diff !== undefined);
    setShown(this.lines, diff !== undefined);
    setShown(this.open, actions.includes('openDiff'));
    setShown(this.save, actions.includes('savePrototxt'));
    const key = diff === undefined ? '' : `${runId} ${JSON.stringify(diff)}`;
    if (key === this.shown) return;
    this.shown = key;
    if (diff !== undefined) this.show(diff);
  }

  private show({ file, added, removed, rows }: DiffView): void {
    setText(this.file, file);
    this.added.replaceChildren(`+${added}`, readOnly(' lines added'));
    this.removed.replaceChildren(`−${removed}`, readOnly(' lines removed'));
    const hadFocus = this.lines.contains(document.activeElement);
    const last = rows.reduce((most, row) => Math.max(most, lastLine(row)), 0);
    this.lines.style.setProperty('--digits', String(Math.max(2, String(last).length)));
    this.lines.replaceChildren(...rows.flatMap(diffRow));
    if (hadFocus) this.lines.focus();
  }
}

function lastLine(row: DiffRow): number {
  const line = row.kind === 'folded' ? row.lines.at(-1) : row;
  return Math.max(line?.oldLine ?? 0, line?.newLine ?? 0);
}

function diffRow(row: DiffRow): HTMLElement[] {
  if (row.kind !== 'folded') return [lineRow(row)];
  const start = row.lines[0]?.newLine ?? 0;
  const unfolded = savedState().unfolded ?? [];
  if (unfolded.includes(start)) return row.lines.map(lineRow);
  const count = row.lines.length;
  const open = element(
    'button',
    { type: 'button', class: 'unfold', title: 'Show these lines' },
    element('span', {}, `${count} unchanged ${count === 1 ? 'line' : 'lines'}`),
  );
  open.addEventListener('click', () => {
    saveState({ unfolded: [...(savedState().unfolded ?? []), start] });
    const lines = row.lines.map(lineRow);
    open.replaceWith(...lines);
    // The button is gone: the keyboard goes on where it was.
    lines[0]?.setAttribute('tabindex', '-1');
    lines[0]?.focus({ preventScroll: true });
  });
  return [open];
}

const signs = { same: '', added: '+', removed: '−' } as const;

function lineRow({ kind, oldLine, newLine, spans }: DiffLine): HTMLElement {
  const code = element('span', { class: 'code' });
  for (const { text, token } of spans) {
    code.append(token === 'plain' ? text : element('span', { class: `token-${token}` }, text));
  }
  const row = element(
    'div',
    { class: `diff-line ${kind}` },
    element('span', { class: 'number' }, oldLine === undefined ? '' : String(oldLine)),
    element('span', { class: 'number' }, newLine === undefined ? '' : String(newLine)),
    element('span', { class: 'sign', 'aria-hidden': 'true' }, signs[kind]),
    code,
  );
  if (kind !== 'same') code.before(readOnly(`${kind}: `));
  return row;
}
