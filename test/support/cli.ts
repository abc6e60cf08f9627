import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { testBuildFolder } from './buildCli';
import { repositoryRoot } from './shared';

const program = path.join(testBuildFolder, 'cli.js');

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with the bundled example, to work and break things in. */
export class Workplace {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'ristretto-cli-'));

  constructor() {
    const example = path.join('examples', 'mnist');
    mkdirSync(path.join(this.folder, 'examples'));
    cpSync(path.join(repositoryRoot, example), path.join(this.folder, example), {
      recursive: true,
      filter: (source) => !source.endsWith('quantized.prototxt'),
    });
    mkdirSync(this.path('out'));
  }

  path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  /** Runs the program here. */
  run(...args: string[]): CliResult {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: this.folder,
      encoding: 'utf8',
    });
    return { code: status, stdout, stderr };
  }

  /** Runs `quantize` on the example, quickly; later flags replace earlier ones. */
  quantize(flags: Readonly<Record<string, string | undefined>> = {}): CliResult {
    return this.run('quantize', ...this.quantizeFlags(flags));
  }

  quantizeFlags(flags: Readonly<Record<string, string | undefined>> = {}): string[] {
    const all = {
      model: 'examples/mnist/lenet_train_test.prototxt',
      weights: 'examples/mnist/lenet.caffemodel',
      model_quantized: 'out/quantized.prototxt',
      trimming_mode: 'integer_power_of_2_weights',
      iterations: '1',
      ...flags,
    };
    return Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}=${value}`],
    );
  }

  /** Starts the program and leaves it running. */
  start(...args: string[]): ReturnType<typeof spawn> {
    return spawn(process.execPath, [program, ...args], {
      cwd: this.folder,
      // A program that does not end must not outlive its test.
      timeout: 30_000,
      killSignal: 'SIGKILL',
    });
  }

  /** Everything in the folder that outputs go to, hidden files included. */
  get outputs(): string[] {
    return readdirSync(this.path('out')).sort();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
