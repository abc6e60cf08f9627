import type { PanelView } from '../src/runs/panelMessages';
import { button, element, setShown, setText } from './dom';
import { act } from './host';

/** The original tool's text report. */
export class Report {
  readonly root = element('section', { class: 'report-section', 'aria-label': 'Report' });
  private readonly empty = element(
    'p',
    { class: 'empty' },
    'The report appears here when the run has ended.',
  );
  private readonly copy = button('Copy', 'secondary', () => act('copyReport'));
  private readonly bar = element(
    'div',
    { class: 'tab-bar' },
    element('span', { class: 'tab-title' }, 'In the words of the original tool'),
    element('div', { class: 'tab-actions' }, this.copy),
  );
  private readonly text = element('pre', {
    tabindex: '0',
    role: 'region',
    'aria-label': 'Text of the report',
  });

  constructor() {
    this.root.append(this.empty, this.bar, this.text);
  }

  update({ report, status, actions }: PanelView): void {
    const isOver = ['cancelled', 'failed', 'interrupted'].includes(status);
    setText(
      this.empty,
      isOver
        ? 'There is no report: the run did not end.'
        : 'The report appears here when the run has ended.',
    );
    setShown(this.empty, report === undefined);
    setShown(this.bar, report !== undefined);
    setShown(this.text, report !== undefined);
    setShown(this.copy, actions.includes('copyReport'));
    setText(this.text, report ?? '');
  }
}
