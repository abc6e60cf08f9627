import type { PanelView, ProgressView } from '../src/runs/panelMessages';
import { button, element, setAttribute, setShown, setText } from './dom';
import { act } from './host';

/** What is going on, in one line with a thin bar below it. Its room is always kept. */
export class StatusLine {
  readonly root = element('div', {
    class: 'status',
    role: 'group',
    'aria-label': 'State of the run',
    tabindex: '-1',
  });
  private readonly text = element('span', { class: 'status-text' });
  private readonly cancel = button('Cancel', 'secondary', () => act('cancel'));
  private readonly bar = element('div', {
    class: 'bar',
    role: 'progressbar',
    'aria-label': 'Progress of the run',
    'aria-valuemin': '0',
    'aria-valuemax': '100',
  });
  private readonly fill = element('div', { class: 'fill' });
  private isWorking = false;
  private runId = '';
  /** The run that was seen working: the room for its progress is kept when it ends. */
  private keptFor = '';

  constructor() {
    this.bar.append(this.fill);
    this.root.append(element('div', { class: 'status-row' }, this.text, this.cancel), this.bar);
  }

  update(view: PanelView): void {
    const { runId, status, actions, progress } = view;
    this.runId = runId;
    this.isWorking = status === 'running' || status === 'starting';
    if (status === 'queued' || this.isWorking) this.keptFor = runId;
    setAttribute(this.root, 'data-kept', this.keptFor === runId ? '' : undefined);
    setShown(this.cancel, actions.includes('cancel'));
    setAttribute(this.bar, 'data-on', this.isWorking ? '' : undefined);
    setAttribute(this.bar, 'aria-hidden', this.isWorking ? undefined : 'true');
    if (this.isWorking && progress !== undefined) {
      this.showProgress(runId, progress);
      return;
    }
    setText(this.text, idleText(view));
    setAttribute(this.bar, 'aria-valuenow', undefined);
    this.fill.style.transform = 'scaleX(0)';
  }

  /** A late message of another run, or of one that has ended, changes nothing. */
  showProgress(runId: string, { what, fraction, speed, left, best }: ProgressView): void {
    if (!this.isWorking || runId !== this.runId) return;
    setText(this.text, [what, speed, left, best].filter((part) => part !== undefined).join(' · '));
    const share = Math.min(Math.max(fraction, 0), 1);
    setAttribute(this.bar, 'aria-valuenow', Math.round(share * 100));
    this.fill.style.transform = `scaleX(${share})`;
  }
}

function idleText({ status, groups, points }: PanelView): string {
  const hasRows = groups.some(({ cells }) => cells.some(({ state }) => state === 'scored'));
  switch (status) {
    case 'queued':
      return 'Waits for the run that is going on';
    case 'starting':
      return 'Reading the net, its weights and its data';
    case 'running':
      return 'Scoring';
    case 'cancelled':
    case 'failed':
      if (points !== undefined && points.points.length > 0) {
        return 'What was scored by then is kept';
      }
      return hasRows ? 'The rows scored by then are kept' : 'Nothing had been scored by then';
    case 'interrupted':
    case 'done':
      return '';
  }
}
