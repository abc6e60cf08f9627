import { describe, expect, it } from 'vitest';
import { useWorkbench } from './useWorkbench';

const net = 'lenet_train_test.prototxt';

describe('the ways in', () => {
  const editor = useWorkbench();

  /** The title of the question that is open; the question is then left. */
  async function questionTitle(): Promise<string> {
    const { page } = editor();
    await page.locator('.quick-input-widget', { hasText: '1/6' }).waitFor();
    const title = await page.locator('.quick-input-title').innerText();
    await page.keyboard.press('Escape');
    await page.locator('.quick-input-widget', { hasText: '1/6' }).waitFor({ state: 'hidden' });
    return title;
  }

  it('the explorer’s context menu', async () => {
    const { page } = editor();
    const entry = page.getByRole('menuitem', { name: 'Quantize Network' });
    // Extensions are known a little after the files are.
    await expect
      .poll(
        async () => {
          await page.keyboard.press('Escape');
          await page.getByRole('treeitem', { name: net }).click({ button: 'right' });
          await page.getByRole('menuitem', { name: 'Rename' }).first().waitFor();
          return entry.count();
        },
        { timeout: 20_000, interval: 1000 },
      )
      .toBe(1);
    await editor().screenshot('context menu');
    expect(await page.getByRole('menuitem', { name: 'Score Network' }).count()).toBe(1);
    expect(await page.getByRole('menuitem', { name: 'Convert to ONNX' }).count()).toBe(1);
    await entry.click();
    expect(await questionTitle()).toContain('Quantize LeNet');
  });

  it('not the context menu of another file', async () => {
    const { page } = editor();
    await page.getByRole('treeitem', { name: 'README.md' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Rename' }).first().waitFor();
    expect(await page.getByRole('menuitem', { name: 'Quantize Network' }).count()).toBe(0);
    await page.keyboard.press('Escape');
  });

  it('the command palette, without an editor open', async () => {
    await editor().runCommand('Ristretto: Quantize Network');
    await editor().quickPickRow(net).click();
    expect(await questionTitle()).toContain('Quantize LeNet');
  });

  it('the button in the editor’s title', async () => {
    await editor().openFile(net);
    await editor()
      .page.getByRole('button', { name: /^Quantize Network/ })
      .click();
    expect(await questionTitle()).toContain('Quantize LeNet');
  });

  it('Score Network says what it scored', async () => {
    await editor().runCommand('Ristretto: Score Network');
    const { page } = editor();
    await page.locator('.tab', { hasText: 'lenet_train_test, score.txt' }).waitFor();
    const text = page.locator('.view-line', { hasText: 'LeNet scores' });
    await expect
      .poll(async () => (await text.first().innerText()).replaceAll('\u00a0', ' '))
      .toBe('LeNet scores 98.95 % (accuracy)');
  });

  it('the walkthrough', async () => {
    const { page } = editor();
    await editor().runCommand('Ristretto: Quantize Your First Network');
    await page.getByText('Quantize your first network').first().waitFor();
    await editor().screenshot('walkthrough');
    await page.getByRole('button', { name: 'Open the example' }).click();
    await page.locator('.tab.active', { hasText: net }).waitFor();
    await editor().codeLens('Quantize').waitFor();
  });

  it('CUDA that is missing is said, with ways out', async () => {
    const { page } = editor();
    editor().server.changeSettings({ 'ristretto.executionProvider': 'cuda' });
    await page.waitForTimeout(1500);
    await editor().clickCodeLens('Quantize');
    for (let step = 1; step <= 6; step++) {
      await page.locator('.quick-input-widget', { hasText: `${step}/6` }).waitFor();
      if (step === 2) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
    }
    const message = 'CUDA cannot be used: its provider is not installed.';
    const webview = editor().webview();
    await webview.getByText(message, { exact: true }).waitFor();
    await editor().screenshot('cuda missing');
    expect(await webview.getByRole('button', { name: 'How to Install' }).count()).toBe(1);
    // The page is in sight, so that once is enough.
    expect(await editor().notification(message).count()).toBe(0);
    await webview.getByRole('button', { name: 'Use CPU' }).click();
    await webview.getByText('Done', { exact: true }).waitFor();
  });
});
