import type { PanelView } from '../src/runs/panelMessages';
import { button, element, setShown, setText } from './dom';
import { post } from './host';

/**
 * Which net of a best search the page shows and its buttons act on. The line is there for the delivered
 * net too, so that nothing below moves under the pointer when another one is chosen.
 */
export class ShownNet {
  private readonly text = element('span', { role: 'status' });
  private readonly back = button('', 'secondary', () =>
    post({ type: 'selectPoint', index: undefined }),
  );
  readonly root = element('div', { class: 'shown-net' }, this.text, this.back);

  update({ points }: PanelView): void {
    setShown(this.root, points?.selected !== undefined);
    const other = points?.other;
    setText(this.text, other?.text ?? points?.stopped?.text ?? 'The delivered net is shown.');
    this.root.classList.toggle('other', other !== undefined || points?.stopped !== undefined);
    setText(this.back, other?.back ?? '');
    setShown(this.back, other?.back !== undefined);
  }
}
