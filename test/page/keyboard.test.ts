import { describe, expect, it } from 'vitest';
import { useResultsPage } from './harness';
import { views } from './sampleViews';

describe('the keyboard alone', () => {
  const open = useResultsPage();

  it('comes to everything in order', async () => {
    const page = await open();
    await page.show(views.done);
    const stops: string[] = [];
    for (let i = 0; i < 7; i++) {
      await page.press('Tab');
      stops.push(await page.focused());
    }
    expect(stops.slice(0, 6)).toEqual([
      'Quantize Again',
      'Change Options…',
      'Save Prototxt',
      'More actions',
      'Accuracy',
      'CONV weights, 16 bit: 99.14 %, inside the margin',
    ]);
    // And leaves: the chart is one stop.
    expect(stops[6]).not.toContain('bit');
  });

  it('goes through the tabs', async () => {
    const page = await open();
    await page.show(views.done);
    await page.tab('Accuracy').focus();
    for (const name of ['Layers', 'Prototxt diff', 'Report'] as const) {
      await page.press('ArrowRight');
      await expect.poll(() => page.tab(name).getAttribute('aria-selected')).toBe('true');
    }
    await page.press('ArrowLeft', 'Tab');
    expect(await page.focused()).toBe('Open in Diff Editor');
  });

  it('goes from point to point of the chart', async () => {
    const page = await open();
    await page.show(views.done);
    await page.tab('Accuracy').focus();
    await page.press('Tab');
    const readout = page.page.locator('.accuracy .readout');
    const says = async (key: string, text: string): Promise<void> => {
      await page.press(key);
      expect(await readout.innerText()).toBe(text);
      expect(await page.focused()).toBe(text);
    };
    await says('ArrowRight', 'CONV weights, 8 bit: 99.15 %, inside the margin');
    await says('ArrowDown', 'FC weights, 8 bit: 99.14 %, inside the margin');
    await says('ArrowDown', 'Activations, 8 bit: 98.92 %, inside the margin, chosen');
    await says('End', 'Activations, 4 bit: 96.80 %, outside the margin');
    await says('ArrowRight', 'Activations, 4 bit: 96.80 %, outside the margin');
    await says('ArrowUp', 'FC weights, 4 bit: 99.10 %, inside the margin, chosen');
    await says('Home', 'FC weights, 16 bit: 99.14 %, inside the margin');
    await page.press('Escape');
    expect(await readout.innerText()).toBe('Point at a mark to read it.');
    // Coming back, Tab comes to where one was.
    await page.press('Shift+Tab', 'Tab');
    expect(await page.focused()).toContain('FC weights, 16 bit');
  });

  it('shows the value under the pointer too', async () => {
    const page = await open();
    await page.show(views.done);
    await page.page.getByRole('img', { name: 'FC weights, 2 bit' }).hover();
    const readout = page.page.locator('.accuracy .readout');
    expect(await readout.innerText()).toBe('FC weights, 2 bit: 84.92 %, outside the margin');
    await page.page.mouse.move(5, 5);
    expect(await readout.innerText()).toBe('Point at a mark to read it.');
  });

  it('works the menu', async () => {
    const page = await open();
    await page.show(views.done);
    await page.clearPosted();
    const menu = page.page.getByRole('menu');
    await page.button('More actions').focus();
    const opener = page.page.locator('.menu-place vscode-button');
    await page.press('Enter');
    expect(await menu.isVisible()).toBe(true);
    expect(await opener.getAttribute('aria-expanded')).toBe('true');
    expect(await page.focused()).toBe('Open in Diff Editor');
    await page.press('ArrowUp');
    expect(await page.focused()).toBe('Show Log');
    await page.press('ArrowDown', 'ArrowDown');
    expect(await page.focused()).toBe('Copy Report');
    await page.press('e');
    expect(await page.focused()).toBe('Export JSON…');
    await page.press('End', 'Home', 'Escape');
    expect(await menu.isVisible()).toBe(false);
    expect(await page.focused()).toBe('More actions');
    await page.press('ArrowDown', 'ArrowDown', 'Enter');
    expect(await page.posted()).toEqual([{ type: 'action', action: 'copyReport' }]);
    expect(await page.focused()).toBe('More actions');
    // Tab leaves the menu, which closes.
    await page.press('ArrowUp', 'Tab');
    expect(await menu.isVisible()).toBe(false);
    expect(await page.focused()).toBe('Accuracy');
  });

  it('has the options in the menu where there is no room for their button', async () => {
    const page = await open({ width: 400 });
    await page.show(views.done);
    expect(await page.button('Change Options…').isVisible()).toBe(false);
    await page.button('More actions').focus();
    await page.press('Enter');
    expect(await page.focused()).toBe('Quantize with Other Options…');
  });

  it('sees where it is', async () => {
    const page = await open();
    await page.show(views.done);
    for (let i = 0; i < 6; i++) {
      const before = await page.page.screenshot();
      await page.press('Tab');
      expect((await page.page.screenshot()).equals(before)).toBe(false);
    }
  });
});
