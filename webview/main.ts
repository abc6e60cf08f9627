import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeLink,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
} from '@vscode/webview-ui-toolkit';
import type { PanelView, ToPage } from '../src/runs/panelMessages';
import { Accuracy } from './accuracy';
import { BitsEditor } from './bitsEditor';
import { Diff } from './diff';
import { element, setShown } from './dom';
import { Header } from './header';
import { post, savedState, saveState } from './host';
import { LayersTable } from './layersTable';
import { Notices } from './notices';
import { RelatedRuns } from './relatedRuns';
import { Report } from './report';
import { ShownNet } from './shownNet';
import { StatusLine } from './statusLine';
import { Summary } from './summary';
import { Tabs } from './tabs';
import './page.css';

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeLink(),
  vsCodePanels(),
  vsCodePanelTab(),
  vsCodePanelView(),
);

const header = new Header();
const status = new StatusLine();
const related = new RelatedRuns();
const notices = new Notices();
const summary = new Summary();
const shownNet = new ShownNet();
const accuracy = new Accuracy();
const layers = new LayersTable();
const bits = new BitsEditor();
const diff = new Diff();
const report = new Report();
const tabs = new Tabs([
  { id: 'accuracy', title: 'Accuracy', content: accuracy.root },
  { id: 'layers', title: 'Layers', content: element('div', {}, bits.root, layers.root) },
  { id: 'diff', title: 'Prototxt diff', content: diff.root },
  { id: 'report', title: 'Report', content: report.root },
]);
const live = element('div', { class: 'sr-only', 'aria-live': 'polite', role: 'status' });
const tables = [accuracy, bits, layers, diff, report];
const parts = [header, related, status, notices, summary, shownNet, ...tables];

/**
 * Nothing of it is right before the first view is there: a button would ask for what cannot be done, an
 * empty frame would look like a failure.
 */
const content = element('div', {}, header.root, related.root, status.root, notices.root);
content.append(summary.root, shownNet.root, tabs.root);
const opening = element('p', { class: 'empty' }, 'Opening the results…');
content.hidden = true;

function show(view: PanelView): void {
  // Another run has another diff.
  const isOther = savedState().runId !== view.runId;
  saveState({ runId: view.runId, ...(isOther ? { unfolded: [] } : {}) });
  const focused = document.activeElement;
  tabs.rename('accuracy', view.score.direction === 'lower' ? 'Loss' : 'Accuracy');
  opening.remove();
  setShown(content, true);
  for (const part of parts) part.update(view);
  // A button that had the focus may be gone: the keyboard goes on beside what it was about.
  const isLost = focused !== null && focused !== document.body && !focused.checkVisibility();
  if (isLost) status.root.focus();
}

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  switch (data.type) {
    case 'view':
      show(data.view);
      break;
    case 'progress':
      status.showProgress(data.runId, data.progress);
      break;
    case 'announce':
      live.append(element('p', {}, data.text));
      // What was said need not be kept.
      while (live.children.length > 20) live.firstElementChild?.remove();
      break;
  }
});

document.getElementById('page')?.append(opening, content, live);
post({ type: 'ready' });
