import { type FrameLocator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useWorkbench } from './useWorkbench';

/** What the tests use of pictures and links: the project's types know no browser. */
interface Picture {
  readonly naturalWidth: number;
  readonly alt: string;
}

describe("the extension's own page", () => {
  const editor = useWorkbench({ viewport: { width: 1100, height: 1000 } });

  async function openPage(): Promise<FrameLocator> {
    const { page } = editor();
    await page.keyboard.press('ControlOrMeta+Shift+X');
    await page.locator('.extension-list-item', { hasText: 'Ristretto' }).first().click();
    const document = editor().webview();
    await document.getByRole('heading', { level: 1 }).first().waitFor();
    return document;
  }

  it('shows every picture of the README', async () => {
    const document = await openPage();
    const pictures = document.locator('img');
    expect(await pictures.count()).toBeGreaterThanOrEqual(2);
    const broken = async (): Promise<string[]> =>
      pictures.evaluateAll((all) =>
        (all as unknown as Picture[]).filter((one) => one.naturalWidth === 0).map((one) => one.alt),
      );
    await expect.poll(broken).toEqual([]);
    await editor().screenshotThemes('extension-page', ['light', 'dark']);
  });

  it('has a target on the page for every link that leads to none on the web', async () => {
    const document = await openPage();
    const links = await document
      .locator('.markdown-body a, body a')
      .evaluateAll((all) =>
        (all as unknown as { getAttribute(name: string): string | null }[]).map(
          (one) => one.getAttribute('href') ?? one.getAttribute('data-href') ?? '',
        ),
      );
    // A bare # is VS Code's own way to the top.
    const inside = links.filter((link) => !['', '#'].includes(link) && !/^https?:/.test(link));
    expect(inside.length).toBeGreaterThan(0);
    for (const link of inside) {
      expect(link).toMatch(/^#/);
      expect(await document.locator(`[id="${link.slice(1)}"]`).count(), link).toBe(1);
    }
  });

  it('goes to the documents that the README points to', async () => {
    const document = await openPage();
    await document.getByRole('link', { name: 'docs/differences.md' }).first().click();
    const heading = document.getByRole('heading', {
      name: "Where results differ from the original's",
    });
    await expect
      .poll(async () =>
        heading.evaluate((e) => {
          const { top } = (
            e as unknown as { getBoundingClientRect(): { top: number } }
          ).getBoundingClientRect();
          return Math.abs(top) < 1000;
        }),
      )
      .toBe(true);
  });
});
