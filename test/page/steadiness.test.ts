import { describe, expect, it } from 'vitest';
import { tabNames, useResultsPage, type ResultsPage } from './harness';
import { running, views } from './sampleViews';

/** Places of everything a pointer may be on, by what it is. */
function places(page: ResultsPage): Promise<Record<string, string>> {
  return page.page.evaluate(`(() => {
    const found = {};
    const add = (name, element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      if (width > 0) found[name] = [x, y, width, height].map((n) => n.toFixed(1)).join(' ');
    };
    document.querySelectorAll('.sweep-wide th, .sweep-wide td, .sweep th, .sweep td')
      .forEach((cell, i) => add('cell ' + i, cell));
    document.querySelectorAll('vscode-panel-tab').forEach((tab) => add(tab.textContent, tab));
    document.querySelectorAll('.summary > div').forEach((part, i) => add('summary ' + i, part));
    document.querySelectorAll('.point').forEach((point) =>
      add(point.getAttribute('aria-label').replace(', chosen', ''), point.querySelector('.target')));
    add('status', document.querySelector('.status'));
    return found;
  })()`);
}

describe('nothing moves', () => {
  const open = useResultsPage();

  it.each([1440, 1100, 700, 400])('when rows arrive, at %i pixels', async (width) => {
    const page = await open({ width });
    await page.show(running(0));
    let before = await places(page);
    for (let known = 1; known <= 11; known++) {
      await page.show(running(known));
      const after = await places(page);
      for (const [name, place] of Object.entries(before)) expect(after[name], name).toBe(place);
      before = after;
    }
    await page.show(views.done);
    const after = await places(page);
    // With the result the facts get the time, which may take another line on a narrow page.
    if (width < 720) return;
    for (const [name, place] of Object.entries(before)) expect(after[name], name).toBe(place);
  });

  it('and every element stays the same one', async () => {
    const page = await open();
    await page.show(running(3));
    await page.page.evaluate(`
      window.kept = [...document.querySelectorAll(
        'main td, main th, main .point, main li, main dd, main vscode-panel-tab, main vscode-button')]
        .filter((element) => element.closest('.menu') === null)`);
    await page.show(running(9));
    await page.show(running(10));
    expect(await page.page.evaluate('kept.filter((element) => !element.isConnected).length')).toBe(
      0,
    );
  });

  it('and the focus stays where it is', async () => {
    const page = await open();
    await page.show(running(4));
    const steps = [
      page.tab('Accuracy'),
      page.page.getByRole('img', { name: 'CONV weights, 8 bit' }),
      page.button('Cancel'),
    ];
    for (const [i, target] of steps.entries()) {
      await page.show(running(4 + i));
      await target.focus();
      const before = await page.focused();
      await page.show(running(7 + i));
      expect(await page.focused()).toBe(before);
    }
  });

  it('and the scroll places stay', async () => {
    const page = await open({ height: 400 });
    const many = { ...views.manyLayers, runId: 'run-1' };
    await page.show({ ...many, status: 'running', actions: ['cancel'] });
    await page.tab('Layers').click();
    await page.page.evaluate(`document.querySelector('.layers').scrollTop = 500; scrollTo(0, 40)`);
    await page.show(many);
    expect(
      await page.page.evaluate(`[document.querySelector('.layers').scrollTop, scrollY]`),
    ).toEqual([500, 40]);
  });

  it('and a text that is selected stays selected', async () => {
    const page = await open();
    await page.show(views.done);
    await page.tab('Report').click();
    await page.page.evaluate(
      `getSelection().selectAllChildren(document.querySelector('.report-section pre'))`,
    );
    await page.show({ ...views.done, stale: 'The net has changed.' });
    expect(await page.page.evaluate('getSelection().toString().length')).toBeGreaterThan(100);
  });

  it('but the focus goes on where a button is gone', async () => {
    const page = await open();
    await page.show(running(10));
    await page.button('Cancel').focus();
    await page.show(views.done);
    expect(await page.focused()).toBe('State of the run');
    // The next stop is what follows, not the start of the page.
    await page.press('Tab');
    expect(await page.focused()).toBe('Accuracy');
  });
});

describe('what is remembered', () => {
  const open = useResultsPage();

  it.each(tabNames)('the tab %s, the sort order and the run, after a reload', async (name) => {
    const page = await open();
    await page.show(views.done);
    await page.tab('Layers').click();
    await page.page.getByRole('columnheader', { name: 'Type' }).getByRole('button').click();
    await page.tab(name).click();
    expect(await page.state()).toMatchObject({
      runId: 'run-1',
      tab: { Accuracy: 'accuracy', Layers: 'layers', 'Prototxt diff': 'diff', Report: 'report' }[
        name
      ],
      sort: { key: 'type', descending: false },
    });
    await page.page.reload();
    expect(await page.posted()).toEqual([{ type: 'ready' }]);
    await page.show(views.done);
    expect(await page.tab(name).getAttribute('aria-selected')).toBe('true');
    await page.tab('Layers').click();
    const header = page.page.getByRole('columnheader', { name: 'Type' });
    expect(await header.getAttribute('aria-sort')).toBe('ascending');
  });
});
