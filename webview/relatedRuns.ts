import type { PanelView, RelatedRun } from '../src/runs/panelMessages';
import { element, ElementList, setShown, setText } from './dom';
import { post } from './host';

interface Line {
  readonly root: HTMLElement;
  readonly link: HTMLElement;
  readonly text: HTMLElement;
  run: RelatedRun | undefined;
}

/** Ways to other runs of the net: back to the search that bits came from, to what goes on or waits. */
export class RelatedRuns {
  readonly root = element('ul', { class: 'related', 'aria-label': 'Other runs of this net' });
  private readonly list = new ElementList<RelatedRun, Line>(this.root, makeLine, (line, run) => {
    line.run = run;
    setText(line.link, run.action);
    setText(line.text, run.text);
  });

  update({ related }: PanelView): void {
    setShown(this.root, related.length > 0);
    this.list.show(related);
  }
}

function makeLine(): Line {
  // A button that looks like a link: it leads within the page, and the keyboard reaches it.
  const link = element('button', { type: 'button', class: 'link' });
  const text = element('span', { class: 'quiet' });
  const line: Line = { root: element('li', {}, link, ' ', text), link, text, run: undefined };
  link.addEventListener('click', () => {
    if (line.run !== undefined) post({ type: 'showRun', runId: line.run.runId });
  });
  return line;
}
