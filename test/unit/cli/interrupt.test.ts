import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testBuildFolder } from '../../support/buildCli';
import { Workplace } from '../../support/cli';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.remove());

const long = { trimming_mode: 'dynamic_fixed_point', iterations: '1000', report: 'out/run.json' };

describe('Ctrl-C', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends a run with code 130 and no file',
    async (signal) => {
      const child = place.start('quantize', ...place.quantizeFlags(long));
      const stderr: string[] = [];
      let sentAt = 0;
      child.stderr?.on('data', (text: Buffer) => {
        stderr.push(text.toString());
        // The first note comes before the first pass.
        if (sentAt === 0) {
          setTimeout(() => {
            sentAt = performance.now();
            child.kill(signal);
          }, 700);
          sentAt = -1;
        }
      });
      const code = await new Promise((resolve) => child.on('exit', resolve));
      expect(sentAt).toBeGreaterThan(0);
      expect(performance.now() - sentAt).toBeLessThan(1000);
      expect(code).toBe(130);
      expect(stderr.join('')).toContain('interrupted, no result was written');
      expect(stderr.join('')).toContain('no net had been found inside the margin by then');
      expect(place.outputs).toEqual([]);
    },
  );
});

const hasScript = spawnSync('script', ['--version']).status === 0;

describe('on a terminal', () => {
  it.skipIf(!hasScript)(
    'draws what is tried, the share and the time left (needs util-linux `script`)',
    () => {
      const flags = place.quantizeFlags({ ...long, iterations: '20' }).join(' ');
      const command = `${process.execPath} ${path.join(testBuildFolder, 'cli.js')} quantize ${flags}`;
      const { stdout, status } = spawnSync('script', ['-qec', command, '/dev/null'], {
        cwd: place.folder,
        encoding: 'utf8',
        env: { ...process.env, COLUMNS: '120', TERM: 'xterm' },
      });
      expect(status).toBe(0);
      expect(stdout).toMatch(
        /Trying \d+ bits: weights of conv layers .*\d+ %, .*(about \d+ s left|almost done)/,
      );
      expect(stdout).toContain('Please fine-tune.');
    },
  );
});
