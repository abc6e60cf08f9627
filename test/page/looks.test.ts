import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/shared';
import { tabNames, themes, useResultsPage, type ResultsPage } from './harness';
import { views, type ViewName } from './sampleViews';
import themeVariables from './themes.json';

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

const axeSource = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

describe('looks', () => {
  const open = useResultsPage();

  it.each(themes)('nothing is a barrier in theme %s', async (theme) => {
    const page = await open({ theme });
    const check = await barrierCheck(page);
    for (const name of ['stale', 'outside', 'failed'] as const) {
      await page.show(views[name]);
      await check(name);
    }
    for (const name of ['running', 'done'] as const) {
      await page.show(views[name]);
      for (const tab of tabNames) {
        await page.tab(tab).click();
        await check(`${name} ${tab}`);
      }
    }
    await page.page.setViewportSize({ width: 400, height: 800 });
    await page.tab('Accuracy').click();
    await check('narrow');
    await page.show(views.done);
    await page.button('More actions').click();
    await check('menu');
  });

  it.each(themes)('nothing of a best search is a barrier in theme %s', async (theme) => {
    const page = await open({ theme });
    const check = await barrierCheck(page);
    for (const name of ['bestRunning', 'bestOther'] as const) {
      await page.show(views[name]);
      for (const tab of ['Accuracy', 'Layers'] as const) {
        await page.tab(tab).click();
        await check(`${name} ${tab}`);
      }
    }
    await page.page.setViewportSize({ width: 400, height: 800 });
    await check('narrow bits');
    await page.tab('Accuracy').click();
    await check('narrow nets');
  });

  it.each(themes)('lines and markers of the chart stand out in theme %s', async (theme) => {
    const page = await open({ theme });
    await page.show(views.done);
    const ratios = await page.page.evaluate<number[]>(`(() => {
      const paint = document.createElement('canvas').getContext('2d');
      const channels = (text) => {
        paint.fillStyle = text;
        paint.fillRect(0, 0, 1, 1);
        return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
      };
      const light = (text) => channels(text)
        .map((c) => c / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
      const ground = light(getComputedStyle(document.documentElement).backgroundColor);
      return [...document.querySelectorAll('.series .line, .level.margin, .level.float')]
        .map((line) => light(getComputedStyle(line).stroke))
        .map((own) => (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05));
    })()`);
    expect(ratios).toHaveLength(5);
    // What WCAG asks of graphics.
    for (const ratio of ratios) expect(ratio).toBeGreaterThanOrEqual(3);
  });

  it('every variable of the style is one that some theme of VS Code has', () => {
    const css = readFileSync(path.join(repositoryRoot, 'webview/page.css'), 'utf8');
    const known = new Set(Object.values(themeVariables).flatMap((theme) => Object.keys(theme)));
    // VS Code knows them too, but sets them only in themes of others.
    known.add('vscode-list-hoverForeground').add('vscode-list-inactiveSelectionForeground');
    const used = [...css.matchAll(/--(vscode-[\w-]+)/g)].map(([, name]) => name ?? '');
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  it('lines differ by more than colour', async () => {
    const page = await open();
    await page.show(views.done);
    const [dashes, shapes] = await page.page.evaluate<[string[], string[]]>(`[
      [...document.querySelectorAll('.series .line')].map((e) => getComputedStyle(e).strokeDasharray),
      [...document.querySelectorAll('.legend .marker')].map((e) => e.getAttribute('d')),
    ]`);
    expect(new Set(dashes).size).toBe(3);
    expect(new Set(shapes).size).toBe(3);
  });

  it('every mark of the chart lies inside it and shows what is off the scale', async () => {
    for (const name of ['done', 'loss', 'minifloat'] as const) {
      for (const width of [1100, 400]) {
        const page = await open({ width });
        await page.show(views[name]);
        const outside = await page.page.evaluate<string[]>(`(() => {
          const all = document.querySelector('.chart > svg').getBoundingClientRect();
          return [...document.querySelectorAll('.chart > svg :is(.marker, text)')].filter((e) => {
            const { left, right, top, bottom, width } = e.getBoundingClientRect();
            return width > 0 && (left < all.left || right > all.right + 1 || top < all.top ||
              bottom > all.bottom + 1);
          }).map((e) => e.outerHTML);
        })()`);
        expect(outside).toEqual([]);
      }
    }
    const page = await open();
    await page.show(views.done);
    expect((await page.page.locator('.off').allTextContents()).filter(Boolean)).toEqual([
      '95.00',
      '84.92',
    ]);
  });

  it('a better score off the scale never stands below a worse one', async () => {
    const page = await open();
    // The group that is drawn first is the worst, and one is no number at all.
    const scores = [61.45, 93.25, 9.8, NaN];
    const series = scores.map((value, at) => ({
      group: 'net' as const,
      name: `group ${at}`,
      points: [16, 8].map((bits) => ({
        bits,
        value: bits === 16 ? 99 : value,
        label: `group ${at}, ${bits} bit`,
        within: bits === 16,
        chosen: false,
      })),
    }));
    const { chart } = views.done;
    // JSON has no NaN, the page's messages have.
    const view = JSON.stringify({ ...views.done, chart: { ...chart, series } });
    await page.page.evaluate(
      `window.postMessage({ type: 'view', view: ${view.replaceAll('null', 'NaN')} }, '*')`,
    );
    await page.page.locator('.off', { hasText: '93.25' }).waitFor();
    const texts = await page.page.evaluate<string[]>(
      `[...document.querySelectorAll('.off')].filter((e) => e.textContent !== '')
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((e) => e.textContent)`,
    );
    expect(texts).toEqual(['93.25', '61.45', '9.80', 'not a number']);
  });

  it('the worse side of a loss is the upper one', async () => {
    const page = await open();
    await page.show(views.loss);
    const heights = await page.page.evaluate<Record<string, number>>(`(() => {
      const y = (selector) => document.querySelector(selector).getBoundingClientRect().top;
      return {
        float: y('path.level.float'), margin: y('path.level.margin'), edge: y('.chart path.break'),
        far: y('.series-0 > g:last-child .marker'), better: y('.series-1 > g:nth-child(4) .marker'),
      };
    })()`);
    const order = ['far', 'edge', 'margin', 'float', 'better'];
    expect(Object.keys(heights).sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0))).toEqual(
      order,
    );
    expect(await page.page.locator('.chart text.tick').allTextContents()).toContain('higher');
    const off = await page.page.locator('.off').allTextContents();
    expect(off.filter(Boolean)).toEqual(['2.942', '1.200', '87.340']);
  });

  const all = Object.keys(views) as ViewName[];
  it.each([400, 680, 1080])('the page is never wider than %i pixels', async (width) => {
    const page = await open({ width });
    for (const name of all.filter((view) => view !== 'bigDiff')) {
      await page.show(views[name]);
      for (const tab of tabNames) {
        await page.tab(tab).click();
        expect(
          await page.page.evaluate('document.documentElement.scrollWidth'),
          `${name} ${tab}`,
        ).toBeLessThanOrEqual(width);
        // Nor does anything in a tab reach out of it: what scrolls inside is the layers' table.
        const cut = await page.page.evaluate<string[]>(`[...document.querySelectorAll(
          '.sweep, .sweep-wide, .chart, .diff-line, .tab-bar, .notice, .facts, .summary, .menu-place')]
          .filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.className)`);
        expect(cut, `${name} ${tab}`).toEqual([]);
      }
    }
  });

  it('is not even for a moment, when a chart shows that was drawn for another place', async () => {
    const page = await open({ width: 680 });
    await page.show(views.done);
    await page.tab('Report').click();
    await page.show(views.minifloat);
    const atOnce = await page.page.evaluate(`new Promise((done) => {
      document.getElementById('tab-accuracy').click();
      setTimeout(() => done(document.documentElement.scrollWidth));
    })`);
    expect(atOnce).toBe(680);
  });

  it('does not animate where motion is to be reduced', async () => {
    const page = await open();
    await page.page.emulateMedia({ reducedMotion: 'reduce' });
    await page.show(views.running);
    expect(
      await page.page.evaluate(
        `getComputedStyle(document.querySelector('.fill')).transitionDuration`,
      ),
    ).toBe('0s');
  });
});

/** A function that fails where something on the page keeps people out who cannot see or point. */
async function barrierCheck(page: ResultsPage): Promise<(where: string) => Promise<void>> {
  await page.page.evaluate(axeSource);
  return async (where) => {
    const { violations } = await page.page.evaluate<AxeResult>(
      `axe.run(document, { resultTypes: ['violations'] })`,
    );
    const serious = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${where} ${id}: ${html} ${failureSummary}`),
      )
      // Forty lines of the diff with the same trouble say no more than three.
      .slice(0, 5);
    expect(serious).toEqual([]);
  };
}
