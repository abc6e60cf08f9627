import type { PanelView } from '../src/runs/panelMessages';
import { button, element, ElementList, setShown, setText } from './dom';
import { act } from './host';

/** What went wrong, what changed since, and what else should be known. */
export class Notices {
  readonly root = element('div', { class: 'notices' });
  private readonly failureTitle = element('strong');
  private readonly failureDetail = element('p');
  private readonly failureStep = element('p', { class: 'quiet' });
  private readonly tryAgain = button('Try Again', 'primary', () => act('tryAgain'));
  private readonly failure = element(
    'section',
    { class: 'notice failure', 'aria-label': 'Failure' },
    element('div', {}, this.failureTitle, this.failureDetail, this.failureStep),
    this.tryAgain,
  );
  private readonly staleText = element('span', { role: 'status' });
  private readonly staleAction = button('Quantize Again', 'secondary', () => act('quantizeAgain'));
  private readonly stale = element(
    'div',
    { class: 'notice stale' },
    this.staleText,
    this.staleAction,
  );
  private readonly outside = element(
    'div',
    { class: 'notice outside' },
    element(
      'span',
      {},
      'The whole net falls outside the margin: the original’s search only holds each group by itself ' +
        'to it. The best search keeps the whole net inside.',
    ),
    button('Search with Best', 'secondary', () => act('searchBest')),
  );
  private readonly notes = element('ul', { class: 'notes', 'aria-label': 'Notes' });
  private readonly noteList = new ElementList<string, { readonly root: HTMLElement }>(
    this.notes,
    () => ({ root: element('li') }),
    ({ root }, note) => setText(root, note),
  );

  constructor() {
    this.root.append(this.failure, this.stale, this.outside, this.notes);
  }

  update({ failure, stale, notes, actions }: PanelView): void {
    setShown(this.failure, failure !== undefined);
    setText(this.failureTitle, failure?.title ?? '');
    setText(this.failureDetail, failure?.detail ?? '');
    setText(this.failureStep, failure?.step === undefined ? '' : `At: ${failure.step}`);
    setShown(this.failureStep, failure?.step !== undefined);
    setShown(this.tryAgain, actions.includes('tryAgain'));
    setShown(this.stale, stale !== undefined);
    setText(this.staleText, stale ?? '');
    setShown(this.staleAction, actions.includes('quantizeAgain'));
    setShown(this.outside, actions.includes('searchBest'));
    setShown(this.notes, notes.length > 0);
    this.noteList.show(notes);
  }
}
