import type { PanelView, ProgressView } from '../src/runs/panelMessages';
import { button, element, setAttribute, setShown, setText } from './dom';
import { act } from './host';

/** The state of the run in one line, with a thin bar below it whose room is always kept. */
export class StatusLine {
  readonly root = element('div', { class: 'status' });
  private readonly tag = element('span', { class: 'state' });
  private readonly text = element('span', { class: 'status-text' });
  private readonly cancel = button('Cancel', 'secondary', () => act('cancel'));
  private readonly tryAgain = button('Try Again', 'primary', () => act('tryAgain'));
  private readonly bar = element('div', {
    class: 'bar',
    role: 'progressbar',
    'aria-label': 'Progress of the run',
    'aria-valuemin': '0',
    'aria-valuemax': '100',
  });
  private readonly fill = element('div', { class: 'fill' });

  constructor() {
    this.bar.append(this.fill);
    this.root.append(
      element('div', { class: 'status-row' }, this.tag, this.text, this.cancel, this.tryAgain),
      this.bar,
    );
  }

  update({ status, statusText, actions, progress }: PanelView): void {
    setAttribute(this.tag, 'class', `state state-${status}`);
    setText(this.tag, statusText);
    setShown(this.cancel, actions.includes('cancel'));
    setShown(this.tryAgain, actions.includes('tryAgain'));
    const isWorking = status === 'running' || status === 'starting';
    setAttribute(this.bar, 'data-on', isWorking ? '' : undefined);
    setAttribute(this.bar, 'aria-hidden', isWorking ? undefined : 'true');
    if (isWorking && progress !== undefined) this.showProgress(progress);
    else this.showText(idleTexts[status]);
  }

  showProgress({ what, pass, mostPasses, fraction, speed, left }: ProgressView): void {
    this.showText(
      [`${what} (${pass} of at most ${mostPasses})`, speed, left]
        .filter((part) => part !== undefined)
        .join(' · '),
    );
    const percent = Math.round(fraction * 100);
    setAttribute(this.bar, 'aria-valuenow', String(percent));
    this.fill.style.transform = `scaleX(${fraction})`;
  }

  private showText(text: string): void {
    setText(this.text, text);
  }
}

const idleTexts: Readonly<Record<PanelView['status'], string>> = {
  queued: 'Waits for the run that is going on',
  starting: 'Reading the net, its weights and its data',
  running: 'Scoring',
  done: '',
  cancelled: 'The rows scored by then are kept',
  failed: '',
  interrupted: 'The rows scored by then are kept',
};
