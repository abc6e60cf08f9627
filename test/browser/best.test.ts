import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useWorkbench } from './useWorkbench';

const net = 'lenet_train_test.prototxt';

describe('the best search on the example', () => {
  const editor = useWorkbench({ viewport: { width: 1440, height: 900 } });
  const netRows = () => editor().webview().locator('.points tbody tr');

  it('is the first answer, and nets arrive while it works', async () => {
    const { page } = editor();
    await editor().openFile(net);
    await editor().clickCodeLens('Quantize');
    for (let step = 1; step <= 6; step++) {
      await page.locator('.quick-input-widget', { hasText: `${step}/6` }).waitFor();
      await page.keyboard.press('Enter');
    }
    await netRows().first().waitFor();
    await editor().webview().getByText('Done', { exact: true }).waitFor({ timeout: 120_000 });
    expect(await netRows().count()).toBeGreaterThan(4);
    const summary = await editor().webview().locator('dl.summary').innerText();
    expect(summary).toContain('inside the margin of 2 %');
    expect(summary).toMatch(/1\.72 MB → 1\d\d kB/);
    expect(summary).toMatch(/[2-6]\.\d bit on average/);
    await editor().runCommand('Notifications: Clear All Notifications');
    await editor().screenshotThemes('best', ['light', 'highContrast', 'dark']);
    await editor().setViewport({ width: 1280, height: 1130 });
    for (const theme of ['light', 'dark'] as const) {
      await editor().setTheme(theme);
      await editor().screenshot(`readme-results-${theme}`, 'iframe.webview.ready');
    }
    await editor().setViewport({ width: 1280, height: 800 });
    await editor()
      .codeLens(/kB, \d\.\d-bit activations, 9\d\.\d\d %, today/)
      .waitFor();
  }, 180_000);

  it('shows the prototxt of a net that is clicked, saves it, and goes back', async () => {
    const webview = editor().webview();
    const diff = async (): Promise<string> => {
      await webview.getByRole('tab', { name: 'Prototxt diff' }).click();
      const text = await webview.locator('.diff').innerText();
      await webview.getByRole('tab', { name: 'Accuracy' }).click();
      return text;
    };
    const delivered = await diff();
    // The largest net has 16 bits everywhere.
    await netRows().last().click();
    await webview.getByRole('button', { name: 'Show the delivered one' }).waitFor();
    const other = await diff();
    expect(other).toContain('bw_params: 16');
    expect(delivered).not.toContain('bw_params: 16');
    await webview.getByRole('button', { name: /^Save/ }).click();
    const file = editor().workspace.path('lenet_train_test_quantized.prototxt');
    await expect.poll(() => existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain('bw_params: 16');
    await webview.getByRole('button', { name: 'Show the delivered one' }).click();
    await expect.poll(diff).toBe(delivered);
  });

  it('scores bits set by hand', async () => {
    const webview = editor().webview();
    await webview.getByRole('tab', { name: 'Layers' }).click();
    await webview.getByLabel('conv1, bits of the weights').fill('9');
    await webview.getByRole('button', { name: 'Score with these bits' }).click();
    await webview.getByText('Done', { exact: true }).waitFor({ timeout: 60_000 });
    await expect
      .poll(() => webview.getByLabel('conv1, bits of the weights').inputValue())
      .toBe('9');
    await webview.getByRole('tab', { name: 'Accuracy' }).click();
    await expect.poll(() => netRows().count()).toBeLessThanOrEqual(2);
  });
});
