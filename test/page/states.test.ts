import { describe, expect, it } from 'vitest';
import { textReport } from '../../src/quantize/original/textReport';
import type { QuantizeReport } from '../../src/quantize/report';
import { bestRun } from '../unit/runs/sampleBest';
import { useResultsPage } from './harness';
import { progress, running, views, type ViewName } from './sampleViews';

describe('what the page says', () => {
  const open = useResultsPage();

  const texts: Readonly<Partial<Record<ViewName, readonly string[]>>> = {
    queued: ['LeNet', 'Waiting', 'Waits for the run that is going on'],
    starting: ['Starting', 'Reading the net', 'The table appears here'],
    running: [
      'Running',
      'Trying 8 bits: weights of FC layers · 5,210 images/s · about 4 s left · best so far: 1.12 MB, 99.15 %',
      '99.15',
      '✕ 3.14',
    ],
    done: [
      'Done',
      'lenet_iter_10000.caffemodel (1.72 MB)',
      'margin 1 %',
      '98.94 %',
      '−0.20, inside the margin of 1 %',
      '1.72 MB → 216 kB',
      '8.0× smaller',
      '✕ 13.22',
    ],
    outside: ['outside the margin of 1 %', 'The whole net falls outside the margin'],
    cancelled: ['Cancelled', 'The rows scored by then are kept', '99.13'],
    cancelledEarly: ['Cancelled', 'Nothing had been scored by then'],
    failed: [
      'Failed',
      'The engine stopped',
      'ended by SIGKILL',
      'At: Trying 4 bits: weights of FC layers, batch 3 of 20',
      '99.13',
    ],
    interrupted: ['Interrupted', 'The window that ran this was closed or reloaded', '99.13'],
    stale: ['The weights have changed since this run'],
    minifloat: ['minifloat', 'Whole net', '98.71'],
    loss: ['CaffeNet without labels', 'loss', '2.303', '87.340'],
  };
  it.each(Object.entries(texts) as [ViewName, readonly string[]][])('%s', async (name, parts) => {
    const page = await open();
    await page.show(views[name]);
    const said = await page.page.locator('main').innerText();
    for (const part of parts) expect(said).toContain(part);
  });

  it('shows no percent where the score is no accuracy', async () => {
    const page = await open();
    await page.show(views.loss);
    const table = page.page.getByRole('table', { name: 'All groups' });
    expect(await table.innerText()).not.toContain('%');
    expect(await page.page.locator('.accuracy .chart').innerText()).not.toContain('%');
  });

  it('offers what the view allows, and one way out of a failure', async () => {
    const page = await open();
    const shown = async (...names: string[]): Promise<boolean[]> =>
      Promise.all(names.map((name) => page.button(name).isVisible()));
    const names = ['Quantize Again', 'Change Options…', 'Save Prototxt', 'Cancel', 'Try Again'];
    await page.show(views.done);
    expect(await shown(...names)).toEqual([true, true, true, false, false]);
    await page.show(views.running);
    expect(await shown(...names)).toEqual([false, false, false, true, false]);
    await page.show(views.failed);
    expect(await shown(...names)).toEqual([false, true, false, false, true]);
    await page.show(views.cancelled);
    expect(await shown(...names)).toEqual([false, true, false, false, true]);
  });

  it('says before a quantized ONNX file is written what it is', async () => {
    const page = await open();
    await page.show(views.done);
    await page.button('More actions').click();
    const entry = page.page.getByRole('menuitem', { name: 'Export Quantized ONNX…' });
    expect(await entry.innerText()).toBe(
      'Export Quantized ONNX…\nsimulated in float32: as large as the float net',
    );
  });

  it('explains the last line of the original’s report, which a best search has not', async () => {
    const page = await open();
    await page.show(views.done);
    await page.tab('Report').click();
    const report = page.page.getByRole('region', { name: 'Report', exact: true });
    await report.getByText('In the words of the original tool').waitFor();
    const about = report.getByText('is the last line of every report, whatever the score');
    expect(await about.isVisible()).toBe(true);
    await page.show({ ...views.best, report: textReport(bestReport()) });
    await report.getByText('The delivered net, layer by layer').waitFor();
    expect(await about.isVisible()).toBe(false);
    const text = await report.locator('pre').innerText();
    expect(text).toContain(
      'agreement: 0.982 (difference to float +- 0.0012)\nWithin the margin of 1 %',
    );
    expect(text).toMatch(/Fine-tuning means training .* this one does not train\.$/s);
    expect(text).not.toMatch(/Accuracy|Please fine-tune/);
  });

  it('says nothing of a run before the first view is there', async () => {
    const page = await open();
    const main = page.page.locator('main');
    expect(await main.innerText()).toBe('Opening the results…');
    expect(await page.page.getByRole('button').count()).toBe(0);
    expect(await page.page.locator('.notice').first().isVisible()).toBe(false);
    await page.show(views.queued);
    expect(await main.innerText()).not.toContain('Opening the results');
    expect(await page.button('Try Again').isVisible()).toBe(false);
    const shown = await page.page.evaluate(
      `[...document.querySelectorAll('.notice')].filter((e) => e.checkVisibility()).length`,
    );
    expect(shown).toBe(0);
  });

  it('posts what is asked for', async () => {
    const page = await open();
    expect(await page.posted()).toEqual([{ type: 'ready' }]);
    await page.show(views.done);
    await page.clearPosted();
    for (const name of ['Quantize Again', 'Change Options…', 'Save Prototxt']) {
      await page.button(name).click();
    }
    await page.tab('Layers').click();
    await page.button('Export CSV…').click();
    await page.tab('Prototxt diff').click();
    await page.button('Open in Diff Editor').click();
    await page.button('Save').click();
    await page.tab('Report').click();
    await page.button('Copy').click();
    for (const entry of [
      'Export JSON…',
      'Export CSV…',
      'Export Quantized ONNX…',
      'Open Net',
      'Show Log',
    ]) {
      await page.button('More actions').click();
      await page.page.getByRole('menuitem', { name: entry }).click();
    }
    const actions = (await page.posted()).map((message) =>
      message.type === 'action' ? message.action : message.type,
    );
    expect(actions).toEqual([
      'quantizeAgain',
      'changeOptions',
      'savePrototxt',
      'exportLayersCsv',
      'openDiff',
      'savePrototxt',
      'copyReport',
      'exportJson',
      'exportCsv',
      'exportOnnx',
      'openNet',
      'showLog',
    ]);
    await page.show(views.running);
    await page.clearPosted();
    await page.button('Cancel').click();
    expect(await page.posted()).toEqual([{ type: 'action', action: 'cancel' }]);
  });

  it('shows progress without a new view, and none of another run', async () => {
    const page = await open();
    await page.show(running(6));
    const bar = page.page.getByRole('progressbar');
    await page.send({
      type: 'progress',
      runId: 'run-1',
      progress: { ...progress, fraction: 0.5, left: 'about 3 s left' },
    });
    expect(await bar.getAttribute('aria-valuenow')).toBe('50');
    expect(await page.page.locator('.status').innerText()).toContain('about 3 s left');
    await page.send({ type: 'progress', runId: 'other', progress: { ...progress, fraction: 0.9 } });
    expect(await bar.getAttribute('aria-valuenow')).toBe('50');
    // One that was on its way when the run ended.
    await page.show(views.done);
    await page.send({ type: 'progress', runId: 'run-1', progress });
    expect(await page.page.locator('.status').innerText()).not.toContain('left');
  });

  it('says politely what the host announces', async () => {
    const page = await open();
    await page.show(views.running);
    const live = page.page.locator('[aria-live=polite]');
    await page.send({ type: 'announce', text: 'FC weights, 8 bit: 99.14 %, inside the margin' });
    expect(await live.innerText()).toContain('FC weights, 8 bit: 99.14 %');
    for (let i = 0; i < 30; i++) await page.send({ type: 'announce', text: `row ${i}` });
    expect(await live.locator('p').count()).toBe(20);
    expect(await live.locator('p').last().innerText()).toBe('row 29');
  });

  it('shows what files hold as text, never as markup', async () => {
    const page = await open();
    for (const width of [1100, 400]) {
      await page.page.setViewportSize({ width, height: 800 });
      await page.show(views.hostile);
      const heading = page.page.getByRole('heading', { level: 1 });
      expect(await heading.innerText()).toBe(views.hostile.title);
      for (const tab of ['Layers', 'Prototxt diff', 'Report', 'Accuracy'] as const) {
        await page.tab(tab).click();
        expect(await page.page.locator('main img, main script').count()).toBe(0);
      }
    }
  });
});

/** Of a net that was scored by how often it decides as its float self. */
function bestReport(): QuantizeReport {
  const { report } = bestRun();
  if (report === undefined) throw new Error('the sample has a report');
  return { ...report, scoreBlob: 'agreement' };
}
