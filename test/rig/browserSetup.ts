import { installBrowser } from './installBrowser';

/** Vitest calls this once before tests that need a browser but no editor. */
export async function setup(): Promise<void> {
  await installBrowser();
}
