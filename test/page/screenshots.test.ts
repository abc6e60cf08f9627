import { describe, it } from 'vitest';
import { tabNames, themes, useResultsPage } from './harness';
import { views, type ViewName } from './sampleViews';

/** Pictures for people to judge: `build/screenshots/page-*.png`. */
describe('pictures of the page', () => {
  const open = useResultsPage();

  for (const theme of themes) {
    for (const width of [1440, 1100, 640, 400]) {
      it(`${theme}, ${width} pixels`, async () => {
        const page = await open({ theme, width, height: 860 });
        await page.show(views.done);
        for (const name of tabNames) {
          await page.tab(name).click();
          await page.page.mouse.move(0, 0);
          const tab = name.split(' ').at(-1)?.toLowerCase();
          await page.screenshot(`page-${theme}-${width}-${tab}`, width === 400);
        }
      });
    }
  }

  for (const theme of themes) {
    for (const width of [1100, 400]) {
      it(`best search, ${theme}, ${width} pixels`, async () => {
        const page = await open({ theme, width, height: 860 });
        await page.show(views.best);
        await page.screenshot(`page-best-${theme}-${width}`, width === 400);
        await page.tab('Layers').click();
        await page.page.getByLabel('ip1, bits of the weights').fill('2');
        await page.page.getByLabel('Keep the bits of conv1').check();
        await page.screenshot(`page-best-${theme}-${width}-layers`, width === 400);
      });
    }
  }

  const states: readonly ViewName[] = [
    'bestOther',
    'bestClose',
    'bestRunning',
    'bestStarting',
    'queued',
    'starting',
    'running',
    'outside',
    'cancelled',
    'failed',
    'interrupted',
    'stale',
    'minifloat',
    'loss',
    'manyLayers',
    'hostile',
  ];
  it.each(states)('%s', async (name) => {
    const page = await open({ theme: name === 'running' ? 'light' : 'dark', height: 860 });
    await page.show(views[name]);
    if (name === 'manyLayers') await page.tab('Layers').click();
    await page.screenshot(`page-state-${name}`);
  });

  it('menu and readout', async () => {
    for (const theme of themes) {
      const page = await open({ theme });
      await page.show(views.done);
      await page.page.getByRole('img', { name: 'Activations, 8 bit' }).focus();
      await page.screenshot(`page-${theme}-readout`);
      await page.button('More actions').click();
      await page.screenshot(`page-${theme}-menu`);
    }
  });
});
