import { chromium, type Browser } from 'playwright-core';
import { findBrowser } from './findBrowser';
import { type Server } from './server';

/** What VS Code's web workbench takes as its start-up options. */
export type Payload = readonly (readonly [string, string])[];

/** A browser without a window. */
export async function launchBrowser(): Promise<Browser> {
  const root = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: findBrowser(),
    args: [
      // Chromium's sandbox does not work for root.
      ...(root ? ['--no-sandbox'] : []),
      // Small shared memory in containers makes pages crash.
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** The address of the workbench with a folder open. */
export function workbenchUrl(server: Server, folder: string, payload: Payload = []): string {
  const url = new URL(server.url);
  url.searchParams.set('folder', folder);
  if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

/** A path on this machine as the workbench names it. */
export function remoteUri(server: Server, file: string): string {
  return `vscode-remote://127.0.0.1:${server.port}${file}`;
}
