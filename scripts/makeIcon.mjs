// Draws media/icon.png from media/icon.svg; `node scripts/makeIcon.mjs SIZE FILE` draws another size.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const media = fileURLToPath(new URL('../media/', import.meta.url));
const [size = '256', file = path.join(media, 'icon.png')] = process.argv.slice(2);
const { RISTRETTO_BROWSER = '/usr/bin/chromium' } = process.env;

const browser = await chromium.launch({
  executablePath: RISTRETTO_BROWSER,
  args: process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : ['--disable-gpu'],
});
const pixels = Number(size);
const page = await browser.newPage({ viewport: { width: pixels, height: pixels } });
const svg = readFileSync(path.join(media, 'icon.svg'), 'utf8');
await page.setContent(
  `<style>* { margin: 0 } svg { display: block; width: ${pixels}px; height: ${pixels}px }</style>${svg}`,
);
await page.screenshot({ path: file, omitBackground: true });
await browser.close();
