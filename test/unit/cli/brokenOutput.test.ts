import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testBuildFolder } from '../../support/buildCli';
import { Workplace } from '../../support/cli';

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
});
afterAll(() => place.remove());

/** Runs the program with its output sent as the shell is told; its exit code is the last line. */
function shell(redirection: string, ...args: string[]): { code: number; stderr: string } {
  const words = [process.execPath, path.join(testBuildFolder, 'cli.js'), ...args];
  const command = words.map((word) => `'${word}'`).join(' ');
  const script = `{ ${command}; echo "code $?" >&2; } ${redirection}`;
  const { stderr } = spawnSync('bash', ['-c', script], { cwd: place.folder, encoding: 'utf8' });
  const code = /code (\d+)\n$/.exec(stderr)?.[1];
  return { code: Number(code), stderr: stderr.replace(/code \d+\n$/, '') };
}

describe.skipIf(process.platform === 'win32')('standard output', () => {
  it.each(['| true', '| head -1 >/dev/null', '>&-'])(
    '%s: the files are written all the same',
    (to) => {
      const flags = { model_quantized: 'out/pipe.prototxt', report: 'out/pipe.json' };
      const { code, stderr } = shell(to, 'quantize', ...place.quantizeFlags(flags), '--force');
      expect(stderr).not.toMatch(/^ {4}at |EPIPE|unexpected/m);
      expect(stderr).toContain('Wrote out/pipe.prototxt');
      expect(code).toBe(0);
      const report = JSON.parse(readFileSync(place.path('out/pipe.json'), 'utf8')) as object;
      expect(report).toHaveProperty('rows');
    },
  );

  it.skipIf(!existsSync('/dev/full')).each(['quantize', 'score', 'help'])(
    '%s on a full disk: one line says so, and the exit code',
    (command) => {
      const flags = place.quantizeFlags({ report: 'out/full.json' });
      const wanted = {
        quantize: flags,
        score: flags.filter((f) => /=(.*(model|proto))|iter/.test(f)),
      };
      const args =
        command === 'score'
          ? wanted.score.filter((flag) => !flag.startsWith('--model_quantized'))
          : command === 'quantize'
            ? wanted.quantize
            : [];
      const { code, stderr } = shell('>/dev/full', command, ...args);
      expect(code, stderr).toBe(1);
      expect(stderr.trimEnd().split('\n').at(-1)).toBe(
        'ristretto: the result cannot be printed (the disk is full)',
      );
      expect(stderr).not.toMatch(/^ {4}at /m);
      if (command === 'quantize') expect(existsSync(place.path('out/full.json'))).toBe(true);
    },
  );

  it('a closed standard error stops nothing', () => {
    const { code } = shell('2>/dev/null', 'help');
    expect(code).toBeNaN();
    const closed = spawnSync(
      'bash',
      [
        '-c',
        `'${process.execPath}' '${path.join(testBuildFolder, 'cli.js')}' "$@" 2>&-`,
        'x',
        'quantize',
        ...place.quantizeFlags(),
      ],
      { cwd: place.folder, encoding: 'utf8' },
    );
    expect(closed.status).toBe(0);
    expect(closed.stdout).toContain('Quantized net:');
  });
});
