import type { PanelView, SummaryView } from '../src/runs/panelMessages';
import { element, ElementList, readOnly, setAttribute, setText } from './dom';

interface Item {
  readonly root: HTMLElement;
  readonly label: HTMLElement;
  readonly value: HTMLElement;
  readonly remark: HTMLElement;
  readonly mark: HTMLElement;
}

/** What came out: float and quantized score, sizes. */
export class Summary {
  readonly root = element('dl', { class: 'summary', 'aria-label': 'Result' });
  private readonly list = new ElementList<SummaryView, Item>(this.root, makeItem, showItem);

  update({ summary }: PanelView): void {
    this.list.show(summary);
  }
}

function makeItem(): Item {
  const label = element('dt');
  const value = element('span', { class: 'value' });
  const mark = element('span', { class: 'mark', 'aria-hidden': 'true' });
  const remark = element('span', { class: 'remark' });
  const root = element(
    'div',
    {},
    label,
    element('dd', {}, value, element('div', { class: 'remark-row' }, mark, remark)),
  );
  return { root, label, value, remark, mark };
}

function showItem(item: Item, { label, value, remark, verdict }: SummaryView): void {
  setText(item.label, label);
  if (value === undefined) item.value.replaceChildren('–', readOnly('not known yet'));
  else setText(item.value, value);
  setText(item.remark, remark ?? '');
  setText(item.mark, verdict === undefined ? '' : verdict === 'inside' ? '✓' : '✕');
  setAttribute(item.root, 'data-verdict', verdict);
}
