import type { CellView, PanelView } from '../src/runs/panelMessages';
import { element, readOnly, setAttribute, setText, sign } from './dom';

type Score = PanelView['score'];

/** The places of the table that show one width of one group. */
export interface CellPlaces {
  readonly score: HTMLElement;
  readonly drop: HTMLElement;
  readonly margin: HTMLElement;
  readonly time: HTMLElement;
}

export function makePlaces(): CellPlaces {
  return {
    score: element('td', { class: 'score' }),
    drop: element('td', { class: 'drop' }),
    margin: element('td', { class: 'margin' }),
    time: element('td', { class: 'time' }),
  };
}

/** `scored`, with `chosen` and `missed` where they hold: the class of what shows a cell. */
export function cellClass({ state, chosen, within }: CellView): string {
  return `${state}${chosen ? ' chosen' : ''}${within === false ? ' missed' : ''}`;
}

/** Writes a cell into its places. */
export function showCell({ score, drop, margin, time }: CellPlaces, cell: CellView): void {
  const missed = cell.within === false;
  const by = cell.missedBy === undefined ? '' : ` by ${cell.missedBy}`;
  setAttribute(margin, 'title', missed ? `Missed the margin${by}` : undefined);
  if (cell.state !== 'scored') {
    const placeholder = placeholders[cell.state];
    score.replaceChildren(sign(placeholder.sign), readOnly(placeholder.words));
    for (const empty of [drop, margin, time]) empty.replaceChildren();
    return;
  }
  score.replaceChildren(cell.score ?? '');
  drop.replaceChildren(cell.drop ?? '');
  margin.replaceChildren(
    sign(missed ? `✕ ${cell.missedBy ?? ''}`.trimEnd() : '✓'),
    readOnly(missed ? `missed${by}` : 'inside'),
  );
  time.replaceChildren(cell.time ?? '');
}

const placeholders = {
  pending: { sign: '·', words: 'not scored yet' },
  running: { sign: '…', words: 'being scored' },
  untried: { sign: '–', words: 'not tried' },
} as const;

/** The heads whose words follow from what is scored. */
export interface ScoreHeads {
  readonly score: HTMLElement;
  readonly drop: HTMLElement;
}

/** Heads of the columns that a group has, in order. */
export function columnHeads(): ScoreHeads & { readonly all: HTMLElement[] } {
  const score = element('th', { scope: 'col', class: 'score' });
  const drop = element('th', { scope: 'col', class: 'drop', title: 'Difference to the float net' });
  return {
    score,
    drop,
    all: [
      score,
      drop,
      element(
        'th',
        { scope: 'col', class: 'margin', title: 'Inside the error margin, or missed by' },
        'margin',
      ),
      element('th', { scope: 'col', class: 'time', title: 'Time of the pass' }, 'time'),
    ],
  };
}

export function nameHeads({ score, drop }: ScoreHeads, { name, unit, direction }: Score): void {
  setText(score, unit === '' ? name : `${name} ${unit}`);
  setText(drop, direction === 'lower' ? 'rise' : 'drop');
}
