import { launchBrowser } from '../rig/browser';
import { launches } from './launches';
import { reportRuns } from './reportRuns';
import { runLaunch } from './runLaunch';

const browser = await launchBrowser();
await reportRuns(launches, (launch) => runLaunch(browser, launch));
await browser.close();
