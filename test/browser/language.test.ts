import { describe, expect, it } from 'vitest';
import { useWorkbench } from './useWorkbench';

const net = 'lenet_train_test.prototxt';
/** The extension starts and looks into the database after the text is shown. */
const patience = { timeout: 20_000 };

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
    await page.locator('.editor-instance .monaco-editor.focused').waitFor();
    await page.keyboard.press('ArrowRight');
  }

  /** A line of the editor with the hints in it; the editor writes blanks in its own way. */
  async function lineWith(text: string): Promise<string> {
    const line = editor().page.locator('.view-line', { hasText: text }).first();
    return (await line.innerText()).replaceAll('\u00a0', ' ');
  }

  it('shows the shape of every top', async () => {
    await editor().openFile(net);
    await expect.poll(() => lineWith('top: "data"'), patience).toContain('→ 64x1x28x28');
    await goBehind('name: "conv1"');
    await expect.poll(() => lineWith('top: "conv1"'), patience).toContain('→ 100x20x24x24');
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
    await page.keyboard.press('Enter');
    await page.keyboard.type('2');
    await expect.poll(() => lineWith('pad: 2')).toContain('pad: 2');
    await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
  });

  it('lays the document out', async () => {
    const { page } = editor();
    await goBehind('name: "pool2"');
    await page.keyboard.type('      ');
    await editor().runCommand('Format Document');
    await expect.poll(() => lineWith('name: "pool2"')).toMatch(/name: "pool2"$/);
  });

  it('renames a blob wherever it stands', async () => {
    const { page } = editor();
    await goBehind('top: "ip1');
    await page.keyboard.press('F2');
    const box = page.locator('.rename-box input');
    await box.waitFor();
    await box.fill('hidden');
    await page.keyboard.press('Enter');
    await expect.poll(() => lineWith('top: "hidden"')).toContain('top: "hidden"');
    await expect.poll(() => lineWith('bottom: "hidden"')).toContain('bottom: "hidden"');
  });

  it('lists the layers in the outline', async () => {
    const { page } = editor();
    await editor().runCommand('Explorer: Focus on Outline View');
    const entry = page.locator('.outline-pane .monaco-list-row', { hasText: 'mnist' }).first();
    await entry.waitFor();
    await editor().screenshotThemes('language outline', ['dark']);
  });
});
