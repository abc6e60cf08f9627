import { installBrowser } from './installBrowser';
import { installRig } from './installRig';

/** Vitest calls this once before all tests: what must be installed is, and says so as it goes. */
export async function setup(): Promise<void> {
  await installBrowser();
  await installRig();
}
