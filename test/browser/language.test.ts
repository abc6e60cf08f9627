import { describe, expect, it } from 'vitest';
import { useWorkbench } from './useWorkbench';

const net = 'lenet_train_test.prototxt';

describe('the prototxt language', () => {
  const editor = useWorkbench();

  /** Puts the cursor behind the first place that a text stands at. */
  async function goBehind(text: string): Promise<void> {
    const { page } = editor();
    await page.keyboard.press('ControlOrMeta+F');
    const find = page.locator('.find-widget.visible textarea[aria-label="Find"]');
    await find.fill(text);
    await find.press('Enter');
    await find.press('Escape');
    await page.locator('.find-widget.visible').waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowRight');
  }

  /** A line of the editor with the hints in it; the editor writes blanks in its own way. */
  async function lineWith(text: string): Promise<string> {
    const line = editor().page.locator('.view-line', { hasText: text }).first();
    return (await line.innerText()).replaceAll('\u00a0', ' ');
  }

  it('shows the shape of every top', async () => {
    await editor().openFile(net);
    await expect.poll(() => lineWith('top: "data"')).toContain('→ 64x1x28x28');
    await goBehind('name: "conv1"');
    await expect.poll(() => lineWith('top: "conv1"')).toContain('→ 100x20x24x24');
    await editor().screenshotThemes('language hints');
  });

  it('explains a layer', async () => {
    const { page } = editor();
    await goBehind('name: "conv2');
    await editor().runCommand('Show or Focus Hover');
    const hover = page.locator('.monaco-hover', { hasText: 'multiply-accumulates' }).first();
    await hover.waitFor();
    expect(await hover.innerText()).toContain('100x50x8x8');
    await editor().screenshot('language hover');
    await page.keyboard.press('Escape');
  });

  it('underlines a mistake while it is typed and offers what is right', async () => {
    const { page } = editor();
    await goBehind('bottom: "conv1');
    await page.keyboard.press('Backspace');
    await page.locator('.squiggly-error').first().waitFor();
    await editor().runCommand('Quick Fix');
    const fix = page.locator('.action-widget', { hasText: 'Change to "conv1"' });
    await fix.waitFor();
    await editor().screenshot('language quick fix');
    await page.keyboard.press('Enter');
    await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
  });

  it('offers what may stand at the cursor', async () => {
    const { page } = editor();
    await goBehind('kernel_size: 5');
    await page.keyboard.press('Enter');
    await page.keyboard.type('pa');
    const suggestion = page.locator('.suggest-widget .monaco-list-row', { hasText: 'pad' }).first();
    await suggestion.waitFor();
    await editor().screenshot('language completion');
    await page.keyboard.press('Escape');
  });
});
