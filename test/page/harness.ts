import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from 'vitest';
import type { FromPage, PanelView, ToPage } from '../../src/runs/panelMessages';
import { launchBrowser } from '../rig/browser';
import { repositoryRoot } from '../support/shared';
import { stubScript } from './stubHost';
import themeVariables from './themes.json';

export type Theme = keyof typeof themeVariables;
export const themes = Object.keys(themeVariables) as Theme[];

/** The classes that VS Code gives the page's body. */
const bodyClasses: Readonly<Record<Theme, string>> = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  highContrast: 'vscode-high-contrast',
  highContrastLight: 'vscode-high-contrast-light vscode-high-contrast',
};

export const tabNames = ['Accuracy', 'Layers', 'Prototxt diff', 'Report'] as const;

export interface OpenOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

/** The results page in a browser, served as the host serves it, with a host that only listens. */
export class ResultsPage {
  private constructor(readonly page: Page) {}

  static async open(
    browser: Browser,
    url: string,
    { theme = 'dark', width = 1100, height = 800 }: OpenOptions = {},
  ): Promise<ResultsPage> {
    const page = await browser.newPage({ viewport: { width, height } });
    page.setDefaultTimeout(10_000);
    await page.goto(`${url}/?theme=${theme}`);
    return new ResultsPage(page);
  }

  /** Hands the page a message as the host would, and waits until it is drawn. */
  async send(message: ToPage): Promise<void> {
    await this.page.evaluate(
      `window.postMessage(${JSON.stringify(message)}, '*');
      new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))`,
    );
  }

  show(view: PanelView): Promise<void> {
    return this.send({ type: 'view', view });
  }

  /** What the page has told its host since it was loaded. */
  posted(): Promise<FromPage[]> {
    return this.page.evaluate<FromPage[]>('window.posted');
  }

  async clearPosted(): Promise<void> {
    await this.page.evaluate('window.posted.length = 0');
  }

  state(): Promise<unknown> {
    return this.page.evaluate('JSON.parse(sessionStorage.state ?? "{}")');
  }

  /** Everything that the security policy refused, and every error of a script. */
  troubles(): Promise<string[]> {
    return this.page.evaluate<string[]>('window.troubles');
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  tab(name: (typeof tabNames)[number]): Locator {
    // The first one is called after what is scored.
    const wanted = name === 'Accuracy' ? /^(Accuracy|Loss)$/ : name;
    return this.page.getByRole('tab', { name: wanted, exact: true });
  }

  /** Name or text of the element that has the focus; nothing where none has it. */
  focused(): Promise<string> {
    return this.page.evaluate<string>(
      `(() => {
        const { activeElement: has, body } = document;
        if (has === null || has === body) return '';
        return (has.getAttribute('aria-label') ?? has.textContent).trim();
      })()`,
    );
  }

  press(...keys: string[]): Promise<void> {
    return keys.reduce(
      (before, key) => before.then(() => this.page.keyboard.press(key)),
      Promise.resolve(),
    );
  }

  /** A picture for people, as `build/screenshots/NAME.png`. */
  async screenshot(name: string, fullPage = false): Promise<void> {
    const folder = path.join(repositoryRoot, 'build/screenshots');
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: path.join(folder, `${name}.png`), fullPage });
  }
}

/** One browser and server for the tests of a file; every test opens pages of its own. */
export function useResultsPage(): (options?: OpenOptions) => Promise<ResultsPage> {
  let browser: Browser | undefined;
  let server: Server | undefined;
  const open: ResultsPage[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
    server = await serve(inject('page'));
  });
  beforeEach(() => {
    open.length = 0;
  });
  afterEach(async () => {
    for (const page of open) {
      expect(await page.troubles()).toEqual([]);
      await page.page.close();
    }
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });
  return async (options) => {
    if (browser === undefined || server === undefined) throw new Error('Only while tests run.');
    const { port } = server.address() as AddressInfo;
    const page = await ResultsPage.open(browser, `http://127.0.0.1:${port}`, options);
    open.push(page);
    return page;
  };
}

function serve(folder: string): Promise<Server> {
  const types: Readonly<Record<string, string>> = {
    '/webview.js': 'text/javascript',
    '/webview.css': 'text/css',
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const type = types[url.pathname];
    if (type !== undefined) {
      response.setHeader('Content-Type', type);
      response.end(readFileSync(path.join(folder, url.pathname)));
    } else if (url.pathname === '/') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      const { port } = server.address() as AddressInfo;
      const theme = url.searchParams.get('theme') as Theme;
      response.end(pageHtml(`http://127.0.0.1:${port}`, theme));
    } else {
      response.statusCode = url.pathname === '/favicon.ico' ? 204 : 404;
      response.end();
    }
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

/** The host's page and policy (`src/extension/pageHtml.ts`), and what VS Code itself adds to it. */
function pageHtml(origin: string, theme: Theme): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `style-src ${origin}`,
    `font-src ${origin}`,
    `img-src ${origin}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  const stub = stubScript(themeVariables[theme]);
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Ristretto results</title>
    <script nonce="${nonce}">${stub}</script>
    <link rel="stylesheet" href="${origin}/webview.css" />
  </head>
  <body class="${bodyClasses[theme]}">
    <main id="page"></main>
    <script nonce="${nonce}" src="${origin}/webview.js"></script>
  </body>
</html>
`;
}
