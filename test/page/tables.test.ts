import { describe, expect, it } from 'vitest';
import { useResultsPage } from './harness';
import { views } from './sampleViews';

describe('the accuracy table', () => {
  const open = useResultsPage();

  it('is one table of all groups on a wide page', async () => {
    const page = await open({ width: 1100 });
    await page.show(views.done);
    expect(await page.page.getByRole('table').count()).toBe(1);
    const table = page.page.getByRole('table', { name: 'All groups' });
    const heads = await table.getByRole('columnheader').allInnerTexts();
    const own = ['accuracy %', 'drop', 'margin', 'time'];
    expect(heads).toEqual(
      ['bits', 'CONV weights', 'FC weights', 'Activations'].concat(own, own, own),
    );
    expect(await table.getByRole('rowheader').allInnerTexts()).toEqual(['16', '8', '4', '2', '1']);
    const cells = table.getByRole('row', { name: /^8 / }).getByRole('cell');
    const texts = (await cells.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    expect(texts.slice(0, 4)).toEqual(['99.15', '+0.01', '✓ inside', '0.3 s']);
    expect(texts[8]).toMatch(/▸.*chosen: .*98\.92/);
  });

  it.each([1100, 400])('gives the rise of a loss, at %i pixels', async (width) => {
    const page = await open({ width });
    await page.show(views.loss);
    const table = page.page.getByRole('table').first();
    const heads = await table.getByRole('columnheader').allInnerTexts();
    expect(heads).toEqual(expect.arrayContaining(['loss', 'rise', 'margin', 'time']));
    expect(heads).not.toContain('drop');
    expect(await table.innerText()).toContain('missed by 0.629');
    const tab = page.tab('Accuracy');
    expect(await tab.innerText()).toBe('Loss');
    expect(await tab.getAttribute('aria-label')).toBe('Loss');
    await page.show(views.done);
    expect(await table.getByRole('columnheader').allInnerTexts()).toContain('drop');
    expect(await tab.innerText()).toBe('Accuracy');
  });

  it('is one table a group on a narrow page', async () => {
    const page = await open({ width: 400 });
    await page.show(views.done);
    expect(await page.page.getByRole('table').count()).toBe(3);
    for (const name of ['CONV weights', 'FC weights', 'Activations']) {
      const table = page.page.getByRole('table', { name });
      expect(await table.getByRole('row').count()).toBe(6);
    }
    const chosen = page.page.getByRole('table', { name: 'FC weights' }).locator('tr.chosen');
    expect((await chosen.innerText()).replace(/\s+/g, ' ')).toContain('▸ 4 chosen 99.10 −0.04');
    const missed = page.page.getByRole('table', { name: 'FC weights' }).locator('tr.missed');
    expect(await missed.innerText()).toContain('missed by 13.22');
  });

  it('is the same table for one group at any width', async () => {
    for (const width of [1100, 400]) {
      const page = await open({ width });
      await page.show(views.minifloat);
      const table = page.page.getByRole('table', { name: 'Whole net' });
      expect(await table.getByRole('rowheader').count()).toBe(5);
      expect(await page.page.getByRole('table').count()).toBe(1);
    }
  });

  it('says of every open cell why it is empty', async () => {
    const page = await open({ width: 400 });
    await page.show(views.running);
    const fc = page.page.getByRole('table', { name: 'FC weights' });
    const rows = await fc.locator('tbody tr').allInnerTexts();
    expect(rows[2]).toContain('being scored');
    expect(rows[3]).toContain('not scored yet');
    const conv = page.page.getByRole('table', { name: 'CONV weights' });
    expect(await conv.locator('tbody tr').last().innerText()).toContain('not tried');
  });

  it('has figures in line: right-aligned and of one width', async () => {
    const page = await open({ width: 1100 });
    await page.show(views.done);
    const style = (name: string): Promise<string[]> =>
      page.page.evaluate<string[]>(
        `[...document.querySelectorAll('.sweep-wide td')].map((e) => getComputedStyle(e).${name})`,
      );
    expect(new Set(await style('textAlign'))).toEqual(new Set(['right']));
    expect(new Set(await style('fontVariantNumeric'))).toEqual(new Set(['tabular-nums']));
  });
});

describe('the table of layers', () => {
  const open = useResultsPage();

  it('sorts by every column, and back to the order of the file', async () => {
    const page = await open();
    await page.show(views.manyLayers);
    await page.tab('Layers').click();
    const first = page.page.locator('.layers tbody tr').first();
    const header = page.page.getByRole('columnheader', { name: 'Parameters' });
    expect(await header.getAttribute('aria-sort')).toBeNull();
    await header.getByRole('button').click();
    expect(await header.getAttribute('aria-sort')).toBe('ascending');
    expect(await first.innerText()).toContain('\t64\t');
    await header.getByRole('button').click();
    expect(await header.getAttribute('aria-sort')).toBe('descending');
    expect(await first.innerText()).toContain('\t19,964\t');
    expect(await page.state()).toMatchObject({ sort: { key: 'parameters', descending: true } });
    await header.getByRole('button').click();
    expect(await header.getAttribute('aria-sort')).toBeNull();
    expect(await first.innerText()).toContain('inception_000');
  });

  it('reveals a layer by mouse anywhere in its row and by Enter on its name', async () => {
    const page = await open();
    await page.show(views.done);
    await page.tab('Layers').click();
    await page.clearPosted();
    await page.page.getByRole('cell', { name: '400,500' }).click();
    await page.page.getByRole('link', { name: 'conv2' }).focus();
    await page.press('Enter');
    await page.press('ArrowUp', 'Enter');
    expect(await page.posted()).toEqual(
      ['ip1', 'conv2', 'conv1'].map((layer) => ({ type: 'revealLayer', layer })),
    );
  });

  it('shows 200 layers with a head that stays, and scrolls smoothly', async () => {
    const page = await open();
    await page.show(views.manyLayers);
    await page.tab('Layers').click();
    const region = page.page.locator('.layers');
    const headBefore = await region.locator('thead').boundingBox();
    await page.page.evaluate(`document.querySelector('.layers').scrollTop = 3000`);
    expect(await region.locator('thead th').first().boundingBox()).toMatchObject({
      y: headBefore?.y,
    });
    // Time to lay out a scrolled page, in milliseconds a step.
    const perStep = await page.page.evaluate<number>(`(async () => {
      const region = document.querySelector('.layers');
      const times = [];
      for (let i = 0; i < 20; i++) {
        const start = performance.now();
        region.scrollTop = i * 200;
        void region.offsetHeight;
        times.push(performance.now() - start);
        await new Promise(requestAnimationFrame);
      }
      return times.sort((a, b) => a - b)[10];
    })()`);
    expect(perStep).toBeLessThan(16);
  });
});

describe('the diff', () => {
  const open = useResultsPage();

  it('has line numbers, signs and colours', async () => {
    const page = await open();
    await page.show(views.done);
    await page.tab('Prototxt diff').click();
    expect(await page.page.locator('.tab-title', { hasText: 'lenet_train' }).innerText()).toContain(
      '+20',
    );
    const added = page.page.locator('.diff-line.added').first();
    expect(await added.locator('.number').allInnerTexts()).toEqual(['', '45']);
    expect(await added.locator('.sign').innerText()).toBe('+');
    expect(await added.locator('.token-field').first().innerText()).toBe('type');
    expect(await added.locator('.token-string').first().innerText()).toBe('"ConvolutionRistretto"');
    const removed = page.page.locator('.diff-line.removed').first();
    expect(await removed.locator('.number').allInnerTexts()).toEqual(['45', '']);
    const colours = await page.page.evaluate<string[]>(
      `['.added', '.removed', '.same'].map((kind) =>
        getComputedStyle(document.querySelector('.diff-line' + kind)).backgroundColor)`,
    );
    expect(new Set(colours).size).toBe(3);
  });

  it('unfolds unchanged lines by keyboard, keeps the focus there and remembers them', async () => {
    const page = await open();
    await page.show(views.done);
    await page.tab('Prototxt diff').click();
    await page.button('42 unchanged lines').focus();
    await page.press('Enter');
    expect(await page.focused()).toContain('# line 1 of the head');
    expect(await page.button('42 unchanged lines').count()).toBe(0);
    await page.press('Tab');
    expect(await page.focused()).toBe('5 unchanged lines');
    await page.page.reload();
    await page.show(views.done);
    expect(await page.tab('Prototxt diff').getAttribute('aria-selected')).toBe('true');
    expect(await page.button('42 unchanged lines').count()).toBe(0);
    expect(await page.button('5 unchanged lines').count()).toBe(1);
    // Another run is another diff.
    await page.show({ ...views.done, runId: 'run-2' });
    expect(await page.button('42 unchanged lines').count()).toBe(1);
  });

  it('gives the text alone when lines are copied', async () => {
    const page = await open();
    await page.show(views.done);
    await page.tab('Prototxt diff').click();
    const copied = await page.page.evaluate<string>(`(() => {
      const lines = [...document.querySelectorAll('.diff-line')].slice(1, 4);
      getSelection().setBaseAndExtent(lines[0], 0, lines[2], lines[2].childNodes.length);
      return getSelection().toString();
    })()`);
    expect(copied.trimEnd().split(/\n+/)).toEqual([
      '  name: "conv1"',
      '  type: "Convolution"  # 28x28 -> 20 x 24x24',
      '  type: "ConvolutionRistretto"  # 28x28 -> 20 x 24x24',
    ]);
  });

  it('draws 5,000 changed lines at once', async () => {
    const page = await open();
    await page.show(views.done);
    await page.tab('Prototxt diff').click();
    const before = Date.now();
    await page.show(views.bigDiff);
    expect(await page.page.locator('.diff-line').count()).toBe(5000);
    // A hundredth of that is usual; this is about what a person would take for a hang.
    expect(Date.now() - before).toBeLessThan(5000);
  });
});
