import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Frame } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useWorkbench } from './useWorkbench';
import { themes, type Theme, type Workbench } from './workbench';

/** What the tests use of a page's globals: the project's types know no browser. */
interface PageGlobals {
  readonly document: {
    readonly documentElement: { readonly scrollWidth: number; readonly clientWidth: number };
  };
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

const bodyClasses: Readonly<Record<Theme, string>> = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  highContrast: 'vscode-high-contrast:not(.vscode-high-contrast-light)',
  highContrastLight: 'vscode-high-contrast-light',
};

const axeSource = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

/** The frame of the results page, in the real webview with its real policy and theme. */
async function pageFrame(editor: Workbench): Promise<Frame> {
  const handle = await editor.page
    .frameLocator('iframe.webview.ready')
    .last()
    .locator('iframe#active-frame')
    .elementHandle();
  const frame = await handle?.contentFrame();
  if (frame === null || frame === undefined) throw new Error('there is no results page');
  return frame;
}

// What the page does with every state and every input is tested in test/page, without an editor.
describe('the results page in its real place', () => {
  const editor = useWorkbench({ viewport: { width: 1440, height: 900 } });
  const refusals: string[] = [];

  beforeAll(async () => {
    const { page } = editor();
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) refusals.push(message.text());
    });
    await editor().openFile('lenet_train_test.prototxt');
    await editor().clickCodeLens('Quantize');
    for (let step = 1; step <= 6; step++) {
      await page.locator('.quick-input-widget', { hasText: `${step}/6` }).waitFor();
      if (step === 2) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
    }
    await editor().webview().getByText('Done', { exact: true }).waitFor();
  });

  it.each(Object.keys(themes) as Theme[])('has no barrier in theme %s', async (theme) => {
    await editor().setTheme(theme);
    // The page learns of a new theme a little later.
    await editor().webview().locator(`body.${bodyClasses[theme]}`).waitFor();
    const frame = await pageFrame(editor());
    await frame.evaluate(axeSource);
    const { violations } = await frame.evaluate<AxeResult>(
      "axe.run(document, { resultTypes: ['violations'] })",
    );
    const serious = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`,
      );
    expect(serious).toEqual([]);
  });

  it('fits 400 pixels', async () => {
    // The page alone, so that it can be as narrow as the window.
    await editor().runCommand('View: Toggle Primary Side Bar Visibility');
    await editor().page.locator('.view-line').first().click();
    await editor().page.keyboard.press('ControlOrMeta+W');
    await editor().page.locator('.monaco-editor .view-lines').waitFor({ state: 'detached' });
    await editor().setViewport({ width: 448, height: 900 });
    const webview = editor().webview();
    for (const theme of ['light', 'dark', 'highContrast'] as const) {
      await editor().setTheme(theme);
      for (const tab of ['Accuracy', 'Layers', 'Prototxt diff', 'Report']) {
        await webview.getByRole('tab', { name: tab }).click();
        const frame = await pageFrame(editor());
        const { scrollWidth, clientWidth } = await frame.evaluate(() => {
          const { documentElement } = (globalThis as unknown as PageGlobals).document;
          const { scrollWidth, clientWidth } = documentElement;
          return { scrollWidth, clientWidth };
        });
        expect(clientWidth).toBeLessThanOrEqual(400);
        expect(clientWidth).toBeGreaterThan(350);
        expect(scrollWidth, `${tab} at ${clientWidth} pixels`).toBeLessThanOrEqual(clientWidth);
        await editor().screenshot(`narrow ${tab} ${theme}`);
      }
    }
  });

  it('keeps to its security policy', () => {
    expect(refusals).toEqual([]);
  });
});
