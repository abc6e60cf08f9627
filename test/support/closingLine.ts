import type { TestCase, TestModule } from 'vitest/node';

/** Ends a run with one plain line of counts, which any CI can read. */
export class ClosingLineReporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: ReturnType<TestCase['result']>['state']): number =>
      tests.filter((test) => test.result().state === state).length;
    const failed = count('failed') + errors.length;
    process.stdout.write(
      `${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped\n`,
    );
  }
}

// Vitest loads a reporter by the default export of its file.
// eslint-disable-next-line no-restricted-syntax
export default ClosingLineReporter;
