import { launchBrowser } from '../rig/browser';
import { reportRuns } from './reportRuns';
import { runLaunch } from './runLaunch';

// Figures of the extension host, printed as the names of tests; see bench/editor.test.ts.
const browser = await launchBrowser();
await reportRuns([{ name: 'editor', suites: 'bench', trusted: true, settings: {} }], (launch) =>
  runLaunch(browser, launch),
);
await browser.close();
