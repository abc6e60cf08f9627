import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aptInstall } from '../../rig/aptGet';
import { installAlone } from '../../rig/installLock';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ristretto-install-'));
  vi.stubEnv('RISTRETTO_RIG', path.join(folder, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('what the tests install', () => {
  it('is installed by one run at a time, also after one that failed', async () => {
    const events: string[] = [];
    const install = (name: string, fails = false): Promise<void> =>
      installAlone(async () => {
        events.push(`${name} begins`);
        await sleep(50);
        events.push(`${name} ends`);
        if (fails) throw new Error('no network');
      });
    const first = install('first', true);
    const second = install('second');
    await expect(first).rejects.toThrow('no network');
    await second;
    const others = events.slice(0, 2).map((event) => event.split(' ')[0]);
    expect(new Set(others).size).toBe(1);
    expect(events).toHaveLength(4);
  });

  it('waits for another package manager instead of failing', async () => {
    const log = path.join(folder, 'log');
    const program = path.join(folder, 'apt-get');
    writeFileSync(
      program,
      `#!/bin/sh
echo "$*" >> ${log}
if [ "$(wc -l < ${log})" = 1 ]; then
  echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)"
  exit 100
fi
`,
    );
    chmodSync(program, 0o755);
    vi.stubEnv('PATH', `${folder}${path.delimiter}${process.env['PATH'] ?? ''}`);
    await aptInstall(['chromium']);
    expect(readFileSync(log, 'utf8').split('\n').slice(0, 3)).toEqual([
      'update -q',
      'update -q',
      'install -y -q --no-install-recommends chromium',
    ]);
  });

  it('fails at once where a package is not to be had', async () => {
    const program = path.join(folder, 'apt-get');
    writeFileSync(program, '#!/bin/sh\necho "E: Unable to locate package"\nexit 100\n');
    chmodSync(program, 0o755);
    vi.stubEnv('PATH', `${folder}${path.delimiter}${process.env['PATH'] ?? ''}`);
    await expect(aptInstall(['chromium'])).rejects.toThrow('Unable to locate package');
  });
});
