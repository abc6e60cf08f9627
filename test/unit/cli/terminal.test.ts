import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testBuildFolder } from '../../support/buildCli';
import { Workplace } from '../../support/cli';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.remove());

const hasScript = spawnSync('script', ['--version']).status === 0;
const escape = String.fromCharCode(27);
const showCursor = `${escape}[?25h`;
const hideCursor = `${escape}[?25l`;
const wrapLines = `${escape}[?7h`;

interface TerminalRun {
  readonly code: number | null;
  /** What the terminal got, from stdout and stderr. */
  readonly screen: string;
  readonly secondsAfterKey: number | undefined;
}

/** Runs the program on a pseudo-terminal; types Ctrl-C once the screen shows the text. */
async function onTerminal(args: readonly string[], interruptAt?: string): Promise<TerminalRun> {
  const program = path.join(testBuildFolder, 'cli.js');
  const command = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: place.folder,
    env: { ...process.env, TERM: 'xterm' },
    // A program that does not end must not outlive its test.
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  let screen = '';
  let typedAt: number | undefined;
  child.stdout.on('data', (bytes: Buffer) => {
    screen += bytes.toString();
    if (interruptAt === undefined || typedAt !== undefined || !screen.includes(interruptAt)) return;
    typedAt = performance.now();
    child.stdin.write('\x03');
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const secondsAfterKey = typedAt === undefined ? undefined : (performance.now() - typedAt) / 1000;
  return { code, screen, secondsAfterKey };
}

describe.skipIf(!hasScript)('on a terminal (needs util-linux `script`)', () => {
  it.each([
    ['dynamic_fixed_point', /CONV weights 16 bit: |FC weights 16 bit: |activations 16 bit: /g, 3],
    ['minifloat', /net 16 bit: /g, 1],
    ['integer_power_of_2_weights', /net 4 bit: /g, 1],
  ] as const)('%s: every row is shown beside the bar', async (mode, rows, count) => {
    const flags = place.quantizeFlags({ trimming_mode: mode, iterations: '3' });
    const { code, screen } = await onTerminal(['quantize', ...flags]);
    expect(code, screen).toBe(0);
    expect(screen).toMatch(/(Scoring|Measuring|Trying) .* \d+ %.*, (about \d+ s left|almost done)/);
    expect(screen.match(rows)).toHaveLength(count);
    // The bar is gone and the terminal as it was before the report is printed.
    const report = screen.indexOf('Network accuracy analysis for');
    expect(screen.lastIndexOf(hideCursor)).toBeLessThan(screen.indexOf(showCursor));
    for (const code of [showCursor, wrapLines]) {
      expect(screen.indexOf(code)).toBeGreaterThan(0);
      expect(screen.indexOf(code)).toBeLessThan(report);
    }
    expect(screen.slice(report)).not.toContain(escape);
  });

  it.each(['quantize', 'score'])('Ctrl-C ends %s and gives the terminal back', async (command) => {
    const flags = place.quantizeFlags({ iterations: '100000', trimming_mode: 'minifloat' });
    const args = command === 'score' ? flags.filter((flag) => !/_(mode|quan)/.test(flag)) : flags;
    const { code, screen, secondsAfterKey } = await onTerminal([command, ...args], 'Scoring the ');
    expect(code, screen).toBe(130);
    expect(secondsAfterKey).toBeLessThan(1);
    expect(screen).toContain('interrupted, no result was written');
    expect(screen.lastIndexOf(showCursor)).toBeGreaterThan(screen.lastIndexOf(hideCursor));
    expect(screen).toContain(wrapLines);
    expect(place.outputs).toEqual([]);
  });
});

describe('without a terminal', () => {
  it.each(['quantize', 'score', 'convert', 'help'])('%s writes no escape codes', (command) => {
    const all = [...place.quantizeFlags({ iterations: '2' }), '--output=out/net.onnx'];
    const wanted = {
      quantize: /^--(?!output)/,
      score: /^--(model=|weights|iterations)/,
      convert: /^--(model=|weights|output)/,
      help: /^$/,
    }[command];
    const args = all.filter((flag) => wanted?.test(flag));
    const { code, stdout, stderr } = place.run(command, ...args);
    expect(code, stderr).toBe(0);
    expect(stdout).not.toContain(escape);
    expect(stderr).not.toContain(escape);
    expect(stderr).not.toContain('\r');
  });

  it('names with control characters are shown, not obeyed', () => {
    const { code, stderr } = place.quantize({ model: `no${escape}[31m\nsuch.prototxt` });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^ristretto: no\\x1b\[31m\\x0asuch\.prototxt: .*no such file: give .*\n$/,
    );
  });

  it('Ctrl-C after the first row leaves no result, and the scores to go on from', async () => {
    const flags = place.quantizeFlags({
      trimming_mode: 'dynamic_fixed_point',
      iterations: '100',
      report: 'out/run.json',
    });
    const child = place.start('quantize', ...flags);
    let stderr = '';
    let sentAt = 0;
    child.stderr?.on('data', (bytes: Buffer) => {
      stderr += bytes.toString();
      if (sentAt > 0 || !stderr.includes('CONV weights 16 bit: ')) return;
      sentAt = performance.now();
      child.kill('SIGINT');
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code, stderr).toBe(130);
    expect(performance.now() - sentAt).toBeLessThan(1000);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      'ristretto: interrupted, no result was written',
    );
    expect(stderr).toMatch(/best net so far inside the margin: .* of weights .*, accuracy 0\.\d+/);
    expect(stderr).toContain('scores so far are kept in out/run.json: --resume goes on from there');
    expect(place.outputs).toEqual(['run.json']);
  });
});
