import type { PanelView } from '../src/runs/panelMessages';
import { button, element, setShown, setText } from './dom';
import { act } from './host';

/** What went wrong, what changed since, and what else should be known. */
export class Notices {
  readonly root = element('div', { class: 'notices' });
  private readonly failureTitle = element('strong');
  private readonly failureDetail = element('p');
  private readonly failureStep = element('p', { class: 'quiet' });
  private readonly failure = element(
    'section',
    { class: 'notice failure', role: 'alert' },
    this.failureTitle,
    this.failureDetail,
    this.failureStep,
  );
  private readonly staleText = element('span');
  private readonly stale = element(
    'div',
    { class: 'notice stale', role: 'status' },
    this.staleText,
    button('Quantize Again', 'secondary', () => act('quantizeAgain')),
  );
  private readonly notes = element('ul', { class: 'notes', 'aria-label': 'Notes' });

  constructor() {
    this.root.append(this.failure, this.stale, this.notes);
  }

  update({ failure, stale, notes }: PanelView): void {
    setShown(this.failure, failure !== undefined);
    setText(this.failureTitle, failure?.title ?? '');
    setText(this.failureDetail, failure?.detail ?? '');
    setText(this.failureStep, failure?.step === undefined ? '' : `At: ${failure.step}`);
    setShown(this.stale, stale !== undefined);
    setText(this.staleText, stale ?? '');
    setShown(this.notes, notes.length > 0);
    if (this.notes.children.length !== notes.length) {
      this.notes.replaceChildren(...notes.map((note) => element('li', {}, note)));
    }
  }
}
