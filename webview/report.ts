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
  private readonly bar = element(
    'div',
    { class: 'tab-bar' },
    element('span', { class: 'tab-title' }, 'In the words of the original tool'),
    button('Copy', 'secondary', () => act('copyReport')),
  );
  private readonly text = element('pre', { tabindex: '0', 'aria-label': 'Report' });

  constructor() {
    this.root.append(this.empty, this.bar, this.text);
  }

  update({ report }: PanelView): void {
    setShown(this.empty, report === undefined);
    setShown(this.bar, report !== undefined);
    setShown(this.text, report !== undefined);
    setText(this.text, report ?? '');
  }
}
