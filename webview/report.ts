import type { PanelView } from '../src/runs/panelMessages';
import { button, element, setShown, setText } from './dom';
import { act } from './host';

/** The run as text: the original tool's report, or the best search's own. */
export class Report {
  readonly root = element('section', { class: 'report-section', 'aria-label': 'Report' });
  private readonly empty = element(
    'p',
    { class: 'empty' },
    'The report appears here when the run has ended.',
  );
  private readonly title = element('span', { class: 'tab-title' });
  private readonly copy = button('Copy', 'secondary', () => act('copyReport'));
  private readonly bar = element(
    'div',
    { class: 'tab-bar' },
    this.title,
    element('div', { class: 'tab-actions' }, this.copy),
  );
  private readonly text = element('pre', {
    tabindex: '0',
    role: 'region',
    'aria-label': 'Text of the report',
  });

  private readonly tuning = element(
    'p',
    { class: 'quiet' },
    '“Please fine-tune.” is the last line of every report, whatever the score: the original tool goes ' +
      'on to train the quantized net for a few more epochs (fine-tuning), which may win back some of ' +
      'what rounding cost. This extension does not train. A net inside the margin can be used as it is.',
  );

  constructor() {
    this.root.append(this.empty, this.bar, this.text, this.tuning);
  }

  update({ report, status, actions, points }: PanelView): void {
    setText(
      this.title,
      points === undefined
        ? 'In the words of the original tool'
        : 'The delivered net, layer by layer',
    );
    setShown(this.tuning, report?.includes('Please fine-tune.') === true);
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
