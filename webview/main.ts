import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeLink,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
} from '@vscode/webview-ui-toolkit';
import type { PanelView, ToPage } from '../src/runs/panelMessages';
import { AccuracyTables } from './accuracyTables';
import { Chart } from './chart';
import { Diff } from './diff';
import { element, setShown } from './dom';
import { Header } from './header';
import { post, saveState } from './host';
import { LayersTable } from './layersTable';
import { Notices } from './notices';
import { Report } from './report';
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
const notices = new Notices();
const summary = new Summary();
const tables = new AccuracyTables();
const chart = new Chart();
const layers = new LayersTable();
const diff = new Diff();
const report = new Report();
const reading = element(
  'p',
  { class: 'empty' },
  'The table appears here as soon as the net is read.',
);
const tabs = new Tabs([
  {
    id: 'accuracy',
    title: 'Accuracy',
    content: element('div', { class: 'accuracy' }, reading, tables.root, chart.root),
  },
  { id: 'layers', title: 'Layers', content: layers.root },
  { id: 'diff', title: 'Prototxt diff', content: diff.root },
  { id: 'report', title: 'Report', content: report.root },
]);
const live = element('div', { class: 'sr-only', 'aria-live': 'polite', role: 'status' });

function show(view: PanelView): void {
  saveState({ runId: view.runId });
  setShown(reading, view.groups.length === 0);
  for (const part of [header, status, notices, summary, tables, chart, layers, diff, report]) {
    part.update(view);
  }
}

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  switch (data.type) {
    case 'view':
      show(data.view);
      break;
    case 'progress':
      status.showProgress(data.progress);
      break;
    case 'announce':
      live.append(element('p', {}, data.text));
      // What was said need not be kept.
      while (live.children.length > 20) live.firstElementChild?.remove();
      break;
  }
});

document
  .getElementById('page')
  ?.append(header.root, status.root, notices.root, summary.root, tabs.root, live);
post({ type: 'ready' });
