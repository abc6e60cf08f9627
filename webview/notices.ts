import type { PageAction, PanelView } from '../src/runs/panelMessages';
import { button, element, ElementList, setShown, setText } from './dom';
import { act } from './host';

const remedyLabels: Readonly<Partial<Record<PageAction, string>>> = {
  tryAgain: 'Try Again',
  showPlace: 'Show in Editor',
  chooseWeights: 'Choose Weights…',
  useCpu: 'Use CPU',
  setCaffeRoot: 'Set Caffe Root',
  setScore: 'Choose Score',
  installCuda: 'How to Install',
  showLog: 'Show Log',
};

/** What went wrong, what changed since, and what else should be known. */
export class Notices {
  readonly root = element('div', { class: 'notices' });
  private readonly failureTitle = element('strong');
  private readonly failureDetail = element('p');
  private readonly failureStep = element('p', { class: 'quiet' });
  private readonly remedies = element('div', { class: 'remedies' });
  private offered: readonly PageAction[] = [];
  private readonly failure = element(
    'section',
    { class: 'notice failure', 'aria-label': 'Failure' },
    element('div', {}, this.failureTitle, this.failureDetail, this.failureStep),
    this.remedies,
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
    this.offer(failure?.actions ?? []);
    setShown(this.stale, stale !== undefined);
    setText(this.staleText, stale ?? '');
    setShown(this.staleAction, actions.includes('quantizeAgain'));
    setShown(this.outside, actions.includes('searchBest'));
    setShown(this.notes, notes.length > 0);
    this.noteList.show(notes);
  }

  /** Buttons of what helps; the first is likeliest to. They are left alone while they stay the same. */
  private offer(actions: readonly PageAction[]): void {
    if (actions.join() === this.offered.join()) return;
    this.offered = actions;
    const buttons = actions.flatMap((action, at) => {
      const label = remedyLabels[action];
      if (label === undefined) return [];
      return button(label, at === 0 ? 'primary' : 'secondary', () => act(action));
    });
    this.remedies.replaceChildren(...buttons);
  }
}
