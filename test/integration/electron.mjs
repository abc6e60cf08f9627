// The integration tests in a real, downloaded VS Code: `npm run test:electron`. They are the same
// that `npm run test:integration` runs without a download.
import { spawnSync } from 'node:child_process';
import console from 'node:console';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';

const root = fileURLToPath(new URL('../..', import.meta.url));

function giveUp(reason) {
  console.error(reason);
  process.exit(1);
}

async function program() {
  const { RISTRETTO_VSCODE } = process.env;
  if (RISTRETTO_VSCODE) return RISTRETTO_VSCODE;
  const { engines } = (await import('../../package.json', { with: { type: 'json' } })).default;
  const version = engines.vscode.replace('^', '');
  try {
    const cachePath = path.join(root, 'node_modules/.cache/vscode-test');
    return await downloadAndUnzipVSCode({ version, cachePath });
  } catch (error) {
    const reason = error.message.trim().split('\n')[0];
    return giveUp(
      `VS Code could not be downloaded (${reason}): set RISTRETTO_VSCODE to an installed one's program, or use npm run test:integration, which needs no download.`,
    );
  }
}

const vscode = await program();
const { DISPLAY, WAYLAND_DISPLAY } = process.env;
if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) {
  giveUp(
    'VS Code needs a display: use `xvfb-run -a npm run test:electron`, or npm run test:integration, which needs none.',
  );
}
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
const config = path.join(root, 'test/integration/electron.config.ts');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', config], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, RISTRETTO_VSCODE: vscode },
});
process.exit(status ?? 1);
