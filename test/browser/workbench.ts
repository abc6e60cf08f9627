import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { launchBrowser, workbenchUrl } from '../rig/browser';
import { startServer, type Server, type Settings } from '../rig/server';
import { ScratchWorkspace } from '../rig/workspace';
import { repositoryRoot } from '../support/shared';

/** The looks to check, each with the class that the workbench then has. */
export const themes = {
  light: { name: 'Default Light Modern', class: 'vs' },
  dark: { name: 'Default Dark Modern', class: 'vs-dark' },
  highContrast: { name: 'Default High Contrast', class: 'hc-black' },
  highContrastLight: { name: 'Default High Contrast Light', class: 'hc-light' },
} as const;
export type Theme = keyof typeof themes;

interface StyledWindow {
  getComputedStyle(element: unknown): { readonly color: string };
}

export interface Viewport {
  readonly width: number;
  readonly height: number;
}

export interface WorkbenchOptions {
  /** User settings on top of the quiet ones. */
  readonly settings?: Settings;
  readonly theme?: Theme;
  readonly viewport?: Viewport;
}

/** VS Code in a browser, with the packed extension installed and a copy of the example open. */
export class Workbench {
  /** Requests that left this machine: there should be none. */
  readonly outsideRequests: string[] = [];
  /** A copy of the example; tests may change it. */
  readonly workspace: ScratchWorkspace;
  readonly page: Page;
  readonly server: Server;
  readonly #browser: Browser;

  private constructor(workspace: ScratchWorkspace, server: Server, browser: Browser, page: Page) {
    this.workspace = workspace;
    this.server = server;
    this.page = page;
    this.#browser = browser;
    // Webviews have addresses outside that a worker inside the page answers.
    const inside = [server.url, 'data:', 'blob:', 'https://vscode-resource.vscode-cdn.net'];
    page.on('request', (request) => {
      const url = request
        .url()
        .replace(/^https:\/\/[^/]*\.vscode-resource/, 'https://vscode-resource');
      if (!inside.some((start) => url.startsWith(start))) this.outsideRequests.push(url);
    });
  }

  /** Starts the editor and waits until it can be used (about 8 s). Close it when done. */
  static async open({
    settings = {},
    theme = 'dark',
    viewport = { width: 1280, height: 800 },
  }: WorkbenchOptions = {}): Promise<Workbench> {
    const allSettings = { ...settings, 'workbench.colorTheme': themes[theme].name };
    const workspace = new ScratchWorkspace();
    const server = await startServer({ settings: allSettings, vsix: [inject('vsix')] });
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport });
    page.setDefaultTimeout(30_000);
    const workbench = new Workbench(workspace, server, browser, page);
    try {
      await page.goto(workbenchUrl(server, workspace.folder));
      await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    } catch (error) {
      await workbench.screenshot('failed to start');
      await workbench.close();
      throw error;
    }
    return workbench;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.stop();
    this.workspace.remove();
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+P');
    await this.#chooseRow(name, name);
    await this.page.locator(`.tab.active[data-resource-name="${path.basename(name)}"]`).waitFor();
  }

  /** Runs a command of the palette by its title, such as `Ristretto: Quantize Network`. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.#chooseRow(`>${title}`, title);
  }

  async #chooseRow(query: string, label: string): Promise<void> {
    await this.quickInput.fill(query);
    await this.quickPickRow(label).click();
  }

  /** The field of an open question: palette, quick pick or input box. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget input[type="text"]');
  }

  /** The first row of an open list that contains the text. */
  quickPickRow(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  /** The first CodeLens with the text. */
  codeLens(text: string | RegExp): Locator {
    return this.page.locator('.codelens-decoration a', { hasText: text }).first();
  }

  async clickCodeLens(text: string | RegExp): Promise<void> {
    await this.codeLens(text).click();
  }

  /** A message at the lower right. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text }).first();
  }

  /** The document of the webview that shows. */
  webview(): FrameLocator {
    return this.page
      .frameLocator('iframe.webview.ready')
      .last()
      .frameLocator('iframe#active-frame');
  }

  /** The piece of the editor's text with one colour that is just this text. */
  token(text: string): Locator {
    return this.page.locator('.view-line > span > span').getByText(text, { exact: true }).first();
  }

  async colourOf(token: string): Promise<string> {
    return this.token(token).evaluate(
      (element) =>
        // The project's types know no browser.
        (globalThis as unknown as StyledWindow).getComputedStyle(element).color,
    );
  }

  async setTheme(theme: Theme): Promise<void> {
    this.server.changeSettings({ 'workbench.colorTheme': themes[theme].name });
    await this.page.locator(`.monaco-workbench.${themes[theme].class}`).waitFor();
  }

  async setViewport(viewport: Viewport): Promise<void> {
    await this.page.setViewportSize(viewport);
    // The layout follows in a later frame.
    await this.page.waitForTimeout(300);
  }

  /**
   * A picture for people, as `build/screenshots/NAME.png`; returns the file.
   *
   * @param part selector of what alone is to be seen
   */
  async screenshot(name: string, part?: string): Promise<string> {
    const folder = path.join(repositoryRoot, 'build/screenshots');
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${name}.png`);
    // No tooltips; and things fade in and out.
    await this.page.mouse.move(0, 0);
    await this.page.waitForTimeout(300);
    if (part === undefined) await this.page.screenshot({ path: file });
    else await this.page.locator(part).last().screenshot({ path: file });
    return file;
  }

  /** One picture a theme, as `NAME-THEME.png`; the last theme stays. */
  async screenshotThemes(
    name: string,
    which: readonly Theme[] = ['light', 'dark', 'highContrast'],
  ): Promise<void> {
    for (const theme of which) {
      await this.setTheme(theme);
      await this.screenshot(`${name}-${theme}`);
    }
  }
}
