import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { QuantizeReport } from '../../src/quantize/report';
import { repositoryRoot } from '../support/shared';
import { useWorkbench } from './useWorkbench';
import type { Workbench } from './workbench';

const net = 'lenet_train_test.prototxt';

/** What the command line finds out about the same inputs. */
async function commandLineReport({ workspace }: Workbench): Promise<QuantizeReport> {
  const cli = path.join(repositoryRoot, 'dist/cli.js');
  const report = workspace.path('cli.json');
  await promisify(execFile)(
    process.execPath,
    [
      cli,
      'quantize',
      `--model=${net}`,
      '--weights=lenet.caffemodel',
      '--model_quantized=cli.prototxt',
      '--trimming_mode=dynamic_fixed_point',
      '--error_margin=2',
      '--iterations=20',
      `--report=${report}`,
    ],
    { cwd: workspace.folder },
  );
  return JSON.parse(readFileSync(report, 'utf8')) as QuantizeReport;
}

/** The rows of a group's table as they can be read: `8 97.60 −1.35 ✓`. */
async function tableRows(editor: Workbench, group: string): Promise<string[]> {
  const rows = editor.webview().getByRole('table', { name: group }).locator('tbody tr.scored');
  return (await rows.all()).length === 0
    ? []
    : Promise.all(
        (await rows.all()).map(async (row) => {
          const cells = await row.locator('th, td').allInnerTexts();
          return cells.slice(0, 3).join(' ').replace(/\s+/g, ' ').trim();
        }),
      );
}

const groups = {
  conv_params: 'CONV weights',
  fc_params: 'FC weights',
  activations: 'Activations',
} as const;

function expectedRows(report: QuantizeReport, group: keyof typeof groups): string[] {
  return report.rows
    .filter((row) => row.group === group)
    .map(({ bits, score }) => {
      const percent = (value: number): string => (value * 100).toFixed(2).replace('-', '−');
      const drop = percent(score - report.baseline);
      const mark = report.chosen?.[group] === bits ? '▸ ' : '';
      const suffix = report.chosen?.[group] === bits ? ' chosen' : '';
      return `${mark}${bits}${suffix} ${percent(score)} ${drop.startsWith('−') ? '' : '+'}${drop}`;
    });
}

describe('quantizing the example', () => {
  const editor = useWorkbench({ viewport: { width: 1440, height: 900 } });

  it('starts from the CodeLens and asks six questions', async () => {
    const { page } = editor();
    await editor().openFile(net);
    await editor().codeLens('Quantize').waitFor();
    await editor().screenshot('readme-editor');
    await editor().clickCodeLens('Quantize');
    const title = page.locator('.quick-input-title');
    for (const [step, text] of [
      ['1/6', 'Dynamic fixed point'],
      ['2/6', 'As the original'],
      ['3/6', 'Error margin'],
      ['4/6', 'all 2,000 images'],
      ['5/6', 'Automatic'],
      ['6/6', 'quantized prototxt'],
    ] as const) {
      await page.locator('.quick-input-widget', { hasText: step }).waitFor();
      await page.locator('.quick-input-widget', { hasText: text }).waitFor();
      expect(await title.innerText()).toContain('Quantize LeNet');
      if (step === '4/6') {
        // Back keeps what was answered.
        await page.getByRole('button', { name: 'Back' }).click();
        await page.locator('.quick-input-widget', { hasText: '3/6' }).waitFor();
        expect(await editor().quickInput.inputValue()).toBe('2');
        await page.keyboard.press('Enter');
        await page.locator('.quick-input-widget', { hasText: '4/6' }).waitFor();
        expect(await editor().quickInput.inputValue()).toBe('20');
      }
      if (step === '1/6') await editor().screenshot('readme-questions');
      // The best search comes first.
      if (step === '2/6') await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
    }
  });

  it('fills the page row by row up to the numbers of the command line', async () => {
    const webview = editor().webview();
    await webview.getByRole('heading', { name: 'LeNet' }).waitFor();
    await webview.locator('.sweep tr.scored').first().waitFor();
    await webview.getByText('Done', { exact: true }).waitFor();
    await editor().runCommand('Notifications: Clear All Notifications');
    await editor().screenshotThemes('results', ['light', 'highContrast']);
    await editor().setTheme('dark');
    const report = await commandLineReport(editor());
    for (const [group, name] of Object.entries(groups)) {
      expect(await tableRows(editor(), name)).toEqual(
        expectedRows(report, group as keyof typeof groups),
      );
    }
    const result = webview.locator('dl.summary');
    expect(await result.innerText()).toContain(`${(report.final.score * 100).toFixed(2)} %`);
    expect(await result.innerText()).toContain('inside the margin of 2 %');
  });

  it('shows the result above the net', async () => {
    await editor().codeLens('4/4/8 bit, 97.65 %, today').waitFor();
  });

  it('reads well in every tab', async () => {
    const webview = editor().webview();
    for (const tab of ['Layers', 'Prototxt diff', 'Report']) {
      await webview.getByRole('tab', { name: tab }).click();
      await editor().screenshotThemes(`tab ${tab}`, ['light', 'highContrast', 'dark']);
      if (tab === 'Prototxt diff') await editor().screenshot('readme-diff');
    }
    await webview.getByRole('tab', { name: 'Accuracy' }).click();
  });

  it('reveals a layer in the editor', async () => {
    const webview = editor().webview();
    await webview.getByRole('tab', { name: 'Layers' }).click();
    await webview.getByRole('link', { name: 'ip1' }).click();
    await editor().page.locator('.view-line', { hasText: '"ip1"' }).first().waitFor();
    await webview.getByRole('tab', { name: 'Accuracy' }).click();
  });

  it('saves the prototxt, and asks before it replaces a file', async () => {
    const { page, workspace } = editor();
    const file = workspace.path('lenet_train_test_quantized.prototxt');
    const save = editor().webview().getByRole('button', { name: 'Save Prototxt' });
    await save.click();
    await expect.poll(() => existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(workspace.path('cli.prototxt'), 'utf8'));
    const dialog = page.getByRole('dialog', { name: /exists already/ });
    const saved = editor().notification(/Saved/);
    await saved.waitFor();
    // Else the message of the first time would be taken for that of the second.
    await editor().runCommand('Notifications: Clear All Notifications');
    await saved.waitFor({ state: 'detached' });
    // What is there already need not be asked about.
    await save.click();
    await saved.waitFor();
    expect(await dialog.count()).toBe(0);

    const ownText = '# changed by the user\n';
    writeFileSync(file, ownText);
    await save.click();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(readFileSync(file, 'utf8')).toBe(ownText);
  });

  it('opens the diff editor', async () => {
    await editor().webview().getByRole('tab', { name: 'Prototxt diff' }).click();
    await editor().webview().getByRole('button', { name: 'Open in Diff Editor' }).click();
    await editor().page.locator('.monaco-diff-editor').waitFor();
    await editor().screenshot('diff editor');
    await editor().page.keyboard.press('ControlOrMeta+W');
  });

  it('finds the results again after a reload', async () => {
    const { page } = editor();
    await page.reload();
    const webview = editor().webview();
    await webview.getByText('Done', { exact: true }).waitFor();
    await webview.getByRole('tab', { name: 'Accuracy' }).click();
    expect(await tableRows(editor(), 'FC weights')).toHaveLength(4);
  });

  it('asks nothing of other machines', () => {
    expect(editor().outsideRequests).toEqual([]);
  });
});
