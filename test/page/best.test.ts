import { describe, expect, it } from 'vitest';
import { netColumns } from '../../src/quantize/netColumns';
import type { FromPage } from '../../src/runs/panelMessages';
import { columnViews } from '../../src/runs/view/pageCells';
import { useResultsPage } from './harness';
import { views } from './sampleViews';

describe('the nets of a best search', () => {
  const open = useResultsPage();

  it('stand in a table and a chart in place of the sweep', async () => {
    const { page, show } = await opened();
    await show(views.best);
    const rows = page.page.locator('.points tbody tr');
    expect(await rows.count()).toBe(8);
    expect(await rows.nth(3).innerText()).toMatch(
      /4\s+▸\s*delivered:\s*64.5 kB\s+4.4\s+98.21\s+−0.93\s+inside, open: ±0.11/,
    );
    expect(await page.page.locator('.chart.frontier .net').count()).toBe(8);
    expect(await page.page.locator('.sweep-wide, .sweep').first().isVisible()).toBe(false);
    // A bound is drawn as one, not as a score.
    expect(await page.page.locator('.net.bound circle.shape').count()).toBe(0);
  });

  it('are chosen by a click on a row, by a click on a mark and by the keyboard', async () => {
    const { page, show } = await opened();
    await show(views.best);
    await page.page.locator('.points tbody tr').nth(5).click();
    await page.page.locator('.chart.frontier [data-index="6"]').click();
    await page.page.locator('.chart.frontier [data-index="3"]').focus();
    await page.press('ArrowRight', 'Enter');
    await page.button('delivered: 64.5 kB').focus();
    await page.press('ArrowDown', 'Enter');
    expect(await page.posted()).toEqual(
      expect.arrayContaining([5, 6, 4, 4].map((index) => ({ type: 'selectPoint', index }))),
    );
  });

  it('name another one than the delivered wherever it is meant, and lead back', async () => {
    const { page, show } = await opened();
    await show(views.best);
    expect(await page.page.getByText('was not delivered:').isVisible()).toBe(false);
    expect(await page.button('Save Prototxt').isVisible()).toBe(true);
    await show(views.bestOther);
    await page.page.getByText('Net 6 is shown, not the delivered one.').waitFor();
    await page.page.getByText('Net 6 was not delivered: it costs more').waitFor();
    const heading = page.page.getByRole('heading', { level: 1 });
    expect(await heading.innerText()).toBe('LeNet · net 6');
    expect(await page.page.locator('.summary').innerText()).toMatch(
      /Quantized, net 6\s+98.46 %[\s\S]*112 kB[\s\S]*4.6 bit/,
    );
    expect(await page.page.locator('.points tr.selected').count()).toBe(1);
    expect(await page.button('Save Prototxt').count()).toBe(0);
    await page.clearPosted();
    await page.button('Save Net 6').first().click();
    await page.button('More actions').click();
    for (const entry of ['Open Net 6 in Diff Editor', 'Export Net 6 as ONNX…']) {
      expect(await page.page.getByRole('menuitem', { name: entry }).isVisible()).toBe(true);
    }
    await page.press('Escape');
    await page.tab('Layers').click();
    expect(await page.page.getByText('4 layers of net 6').isVisible()).toBe(true);
    expect(await page.page.getByText('Bits of net 6').isVisible()).toBe(true);
    await page.tab('Prototxt diff').click();
    await page.button('Open Net 6 in Diff Editor').click();
    await page.button('Show the delivered one').click();
    expect(await page.posted()).toEqual([
      { type: 'action', action: 'savePrototxt' },
      { type: 'action', action: 'openDiff' },
      { type: 'selectPoint' },
    ]);
    await show(views.best);
    expect(await heading.innerText()).toBe('LeNet');
    expect(await page.button('Save Prototxt').isVisible()).toBe(true);
  });

  it('say why none with fewer bytes was delivered', async () => {
    const { page, show } = await opened();
    await show(views.best);
    const why = page.page.getByText('3 nets need fewer weight bytes than the delivered one');
    expect(await why.isVisible()).toBe(true);
    await show(views.bestRunning);
    expect(await page.page.locator('.points-cheaper').last().isVisible()).toBe(false);
  });

  it('say so above every tab, and nothing moves when another one is chosen', async () => {
    for (const width of [1100, 400]) {
      const page = await open({ width });
      await page.show(views.best);
      const row = page.page.locator('.points tbody tr').nth(5);
      const before = await row.boundingBox();
      await page.show(views.bestOther);
      expect((await row.boundingBox())?.y).toBe(before?.y);
      await page.tab('Prototxt diff').click();
      expect(await page.button('Show the delivered one').isVisible()).toBe(true);
      await page.show(views.bestRunning);
      expect(await page.page.locator('.shown-net').isVisible()).toBe(false);
    }
  });

  it('stand on a scale of round sizes that do not touch each other', async () => {
    for (const width of [1100, 400]) {
      const page = await open({ width });
      for (const name of ['best', 'bestRunning', 'bestClose'] as const) {
        await page.show(views[name]);
        const names = page.page.locator('.frontier text', { hasText: /^[\d.]+ [kM]B$/ });
        expect(await names.count()).toBeGreaterThanOrEqual(2);
        const boxes = await Promise.all((await names.all()).map((text) => text.boundingBox()));
        boxes.slice(1).forEach((box, i) => {
          const left = boxes[i];
          expect(box?.x).toBeGreaterThan((left?.x ?? 0) + (left?.width ?? 0) + 4);
        });
        for (const text of await names.allTextContents()) {
          // Finer where the axis is stretched, of three figures at most.
          expect(text).toMatch(/^(\d{1,3}|\d\.\d\d?|\d\d\.\d) [kM]B$/);
        }
      }
    }
  });

  it('can each be reached by the pointer where many have nearly the same size', async () => {
    for (const width of [1100, 400]) {
      const page = await open({ width });
      await page.show(views.bestClose);
      const marks = page.page.locator('.chart.frontier .net');
      await page.page.locator('.chart.frontier svg').scrollIntoViewIfNeeded();
      const readout = page.page.locator('.chart.frontier .readout');
      const wanted: FromPage[] = [];
      await page.clearPosted();
      for (const mark of await marks.all()) {
        const box = await mark.locator('.target').boundingBox();
        if (box === null) throw new Error('a mark has a place');
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        await page.page.mouse.click(x, y);
        expect(await readout.innerText()).toBe(await mark.getAttribute('aria-label'));
        wanted.push({ type: 'selectPoint', index: Number(await mark.getAttribute('data-index')) });
      }
      expect(wanted).toHaveLength(16);
      expect(await page.posted()).toEqual(wanted);
    }
  });

  it('keep the order of scores where these are not to scale, beyond a line', async () => {
    const page = await open();
    await page.show(views.bestClose);
    const heights = await page.page.evaluate<number[]>(`(() => {
      const y = (selector) => {
        const { top, height } = document.querySelector(selector).getBoundingClientRect();
        return top + height / 2;
      };
      const net = (index) => y('.frontier [data-index="' + index + '"] .target');
      // 98.21, 97.90, the edge, 95.80, 93.25, 61.45.
      return [net(6), net(3), y('.frontier .break'), net(2), net(1), net(0)];
    })()`);
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(new Set(heights).size).toBe(heights.length);
    expect(await page.page.locator('.frontier text.tick').allTextContents()).toContain('lower');
  });

  it('are read below the chart, where no mark and no line is', async () => {
    for (const width of [1100, 400]) {
      const page = await open({ width });
      await page.show(views.bestClose);
      const below = await page.page.locator('.points-legend, .points').first().boundingBox();
      const svg = await page.page.locator('.chart.frontier svg').boundingBox();
      for (const index of [0, 15]) {
        await page.page.locator(`.chart.frontier [data-index="${index}"]`).focus();
        const readout = await page.page.locator('.chart.frontier .readout').boundingBox();
        expect(readout?.y).toBeGreaterThanOrEqual((svg?.y ?? 0) + (svg?.height ?? 0));
        const still = await page.page.locator('.points-legend, .points').first().boundingBox();
        expect(still?.y).toBe(below?.y);
      }
    }
  });

  it('stand by their activations or operations where the search saves these', async () => {
    const page = await open();
    const { points } = views.best;
    if (points === undefined) throw new Error('a best search has nets');
    const axis = page.page.locator('.frontier text.tick');
    const inBits = points.points.map((point) => ({ ...point, cost: Number(point.cells[2]?.sort) }));
    const bits = { name: 'activations', unit: 'bit' } as const;
    await page.show({ ...views.best, points: { ...points, cost: bits, points: inBits } });
    expect(await axis.allTextContents()).toEqual(
      expect.arrayContaining(['activations', '5 bit', '10 bit']),
    );
    const head = page.page.getByRole('columnheader', { name: 'Operations' });
    expect(await head.count()).toBe(0);
    const operations = { name: 'operations', unit: '' } as const;
    const counted = points.points.map((point) => ({
      ...point,
      cost: point.cost * 100,
      cells: point.cells.toSpliced(3, 0, { text: '6.45 M', sort: 6_450_000 }),
    }));
    const columns = columnViews(netColumns);
    await page.show({
      ...views.best,
      points: { ...points, columns, cost: operations, points: counted },
    });
    expect(await axis.allTextContents()).toEqual(
      expect.arrayContaining(['operations', '10 M', '50 M']),
    );
    expect(await head.isVisible()).toBe(true);
    expect(await page.page.locator('.points tbody tr').first().innerText()).toContain('6.45 M');
    for (const width of [1100, 800, 640, 400]) {
      await page.page.setViewportSize({ width, height: 800 });
      const cut = await page.page.evaluate<number>(
        `(() => {
          const { scrollWidth, clientWidth } = document.querySelector('.points');
          return scrollWidth - clientWidth;
        })()`,
      );
      expect(cut, `${width} pixels`).toBeLessThanOrEqual(0);
    }
    await page.screenshot('page-state-bestOperations', true);
  });

  it('explain the short words they use, and no others', async () => {
    const { page, show } = await opened();
    await show(views.best);
    const legend = page.page.locator('.points-legend');
    expect(await legend.innerText()).toMatch(/open:.*≤:/);
    const points = views.best.points;
    if (points === undefined) throw new Error('a best search has nets');
    const firm = points.points.filter(({ firmness }) => firmness === 'firm');
    await show({ ...views.best, points: { ...points, points: firm } });
    expect(await legend.isVisible()).toBe(false);
  });

  it('come one by one while the search works; the focus stays where it was', async () => {
    const { page, show } = await opened();
    await show(views.bestStarting);
    await page.page.getByText('Nets appear here').waitFor();
    await show(views.bestRunning);
    expect(await page.page.locator('.points tbody tr').count()).toBe(4);
    await page.page.locator('.chart.frontier [data-index="6"]').focus();
    await show(views.best);
    expect(await page.focused()).toContain('116 kB');
  });

  it('fit on a narrow page', async () => {
    const page = await open({ width: 400 });
    await page.show(views.best);
    const overflow = await page.page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBeLessThanOrEqual(0);
  });

  async function opened(): Promise<{
    page: Awaited<ReturnType<typeof open>>;
    show: (view: Parameters<Awaited<ReturnType<typeof open>>['show']>[0]) => Promise<void>;
  }> {
    const page = await open();
    return { page, show: (view) => page.show(view) };
  }
});

describe('bits by hand', () => {
  const open = useResultsPage();

  it('are scored as they stand, every layer with all its bits', async () => {
    const page = await open();
    await page.show(views.best);
    await page.tab('Layers').click();
    const score = page.button('Score with these bits');
    await score.click({ force: true });
    expect(await page.posted()).not.toContainEqual(expect.objectContaining({ type: 'scoreBits' }));
    await page.page.getByLabel('ip1, bits of the weights').fill('2');
    await page.page.getByLabel('conv2, bits of the output').fill('6');
    await page.page.getByText('2 changed').waitFor();
    await score.click();
    expect(await page.posted()).toContainEqual({
      type: 'scoreBits',
      keep: {
        conv1: { weights: 6, input: 4, output: 4 },
        conv2: { weights: 3, input: 4, output: 6 },
        ip1: { weights: 2, input: 4, output: 5 },
        ip2: { weights: 4, input: 5, output: 5 },
      },
    });
  });

  it('are taken back by Escape and by a button, and refused where they are none', async () => {
    const page = await open();
    await page.show(views.best);
    await page.tab('Layers').click();
    const field = page.page.getByLabel('ip1, bits of the weights');
    await field.fill('9');
    await page.press('Escape');
    expect(await field.inputValue()).toBe('1');
    expect(await page.button('Undo changes').isVisible()).toBe(false);
    for (const wrong of ['0', '33', '2.5', '']) {
      await field.fill(wrong);
      await page.page.getByText('whole numbers from 1 to 32').waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
    }
    await page.button('Undo changes').click();
    expect(await field.inputValue()).toBe('1');
    expect(await field.getAttribute('aria-invalid')).toBeNull();
  });

  it('are kept in another search where they are marked, as they were typed', async () => {
    const page = await open();
    await page.show(views.best);
    await page.tab('Layers').click();
    const search = page.page.getByRole('button', { name: /^Search again/ });
    expect(await search.isVisible()).toBe(false);
    await page.page.getByLabel('Keep the bits of conv1').check();
    await page.page.getByLabel('Keep the bits of ip2').check();
    await page.page.getByLabel('ip2, bits of the weights').fill('8');
    await page.button('Search again, keeping 2 layers').click();
    expect(await page.posted()).toContainEqual({
      type: 'searchKeeping',
      keep: {
        conv1: { weights: 6, input: 4, output: 4 },
        ip2: { weights: 8, input: 5, output: 5 },
      },
    });
    // With all of them kept there is nothing left to search for.
    for (const layer of ['conv2', 'ip1']) {
      await page.page.getByLabel(`Keep the bits of ${layer}`).check();
    }
    expect(await search.isVisible()).toBe(false);
  });

  it('stay as typed when the same net is sent again; another net has its own', async () => {
    const page = await open();
    await page.show(views.best);
    await page.tab('Layers').click();
    const field = page.page.getByLabel('ip1, bits of the weights');
    await field.fill('7');
    await page.show({ ...views.best, stale: 'The weights have changed.' });
    expect(await field.inputValue()).toBe('7');
    const kept = (views.best.layers.bits ?? []).map((layer) => ({ ...layer, kept: true }));
    await page.show({ ...views.bestOther, layers: { ...views.best.layers, bits: kept } });
    expect(await field.inputValue()).toBe('1');
    expect(await page.page.getByLabel('Keep the bits of ip1').isChecked()).toBe(true);
  });

  it('are gone through with Enter, downwards and to the button', async () => {
    const page = await open();
    await page.show(views.best);
    await page.tab('Layers').click();
    await page.page.getByLabel('conv1, bits of the input').focus();
    await page.press('Enter');
    expect(await page.focused()).toBe('conv2, bits of the input');
    // What is typed takes the place of what was there.
    await page.press('7', 'Enter', 'Enter', 'Enter');
    expect(await page.page.getByLabel('conv2, bits of the input').inputValue()).toBe('7');
    await expect.poll(() => page.focused()).toBe('Score with these bits');
    await page.press('Enter');
    expect(await page.posted()).toContainEqual(expect.objectContaining({ type: 'scoreBits' }));
  });

  it('are one number a layer for minifloat', async () => {
    const page = await open();
    const bits = [{ layer: 'conv1', weights: 6, input: 6, output: 6 }];
    await page.show({ ...views.best, layers: { ...views.best.layers, bits, oneWidth: true } });
    await page.tab('Layers').click();
    expect(await page.page.locator('.bits-editor input[type=number]').count()).toBe(1);
    await page.page.getByLabel('conv1, bits of all numbers').fill('5');
    await page.button('Score with these bits').click();
    expect(await page.posted()).toContainEqual({
      type: 'scoreBits',
      keep: { conv1: { weights: 5, input: 5, output: 5 } },
    });
  });

  it('are not offered for the original search', async () => {
    const page = await open();
    await page.show(views.done);
    await page.tab('Layers').click();
    expect(await page.page.locator('.bits-editor').isVisible()).toBe(false);
  });
});

describe('a net of the original search outside of the margin', () => {
  const open = useResultsPage();

  it('is said plainly, with the best search as the way on', async () => {
    const page = await open();
    await page.show(views.done);
    const best = page.button('Search with Best');
    expect(await best.isVisible()).toBe(false);
    await page.show(views.outside);
    await best.click();
    expect(await page.posted()).toContainEqual({ type: 'action', action: 'searchBest' });
  });
});
