import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import { resultsFile, type InnerResult } from './results';

/** The extension host calls this: runs every test beside this file and throws if one fails. */
export async function run(): Promise<void> {
  const results: InnerResult[] = [];
  const mocha = new Mocha({ timeout: 30_000, reporter: recorder(results) });
  const tests = readdirSync(__dirname, { recursive: true, encoding: 'utf8' });
  for (const file of tests.filter((name) => name.endsWith('.test.js')).sort()) {
    mocha.addFile(path.join(__dirname, file));
  }
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  // The exit code says only whether all went well: the names are in this file.
  writeFileSync(path.join(__dirname, resultsFile), JSON.stringify(results));
  if (failures > 0) throw new Error(`${failures} integration tests failed`);
}

/** A reporter that prints nothing. */
function recorder(results: InnerResult[]): new (runner: Mocha.Runner) => Mocha.reporters.Base {
  return class extends Mocha.reporters.Base {
    constructor(runner: Mocha.Runner) {
      super(runner);
      const record = (test: Mocha.Runnable, state: InnerResult['state'], error?: Error): void => {
        const titles = test.titlePath();
        results.push({ titles, state, message: error?.message, stack: error?.stack });
      };
      runner.on('pass', (test) => record(test, 'passed'));
      runner.on('pending', (test) => record(test, 'skipped'));
      runner.on('fail', (test, error: Error) => record(test, 'failed', error));
    }
  };
}
