// Puts the pictures that the browser tests took where the README and the walkthrough show them.
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const images = path.join(root, 'docs/images');
mkdirSync(images, { recursive: true });
for (const name of ['editor', 'questions', 'results-light', 'results-dark', 'diff']) {
  copyFileSync(
    path.join(root, `build/screenshots/readme-${name}.png`),
    path.join(images, `${name}.png`),
  );
}
