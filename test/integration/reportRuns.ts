import { describe, expect, it } from 'vitest';
import { type Launch } from './launches';
import { type InnerResult } from './results';

/**
 * Runs the launches one after another and gives each test that ran inside the editor its name here,
 * so that counts add up. A test file must await it: vitest asks for the tests when the file is
 * through, and only the runs tell which there are.
 */
export async function reportRuns(
  launches: readonly Launch[],
  runLaunch: (launch: Launch) => Promise<InnerResult[]>,
): Promise<void> {
  for (const launch of launches) {
    const results = await runLaunch(launch).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    describe(launch.name, () => {
      it('runs', () => {
        if (results instanceof Error) throw results;
        expect(results.length).toBeGreaterThan(0);
      });
      for (const result of results instanceof Error ? [] : results) {
        it.skipIf(result.state === 'skipped')(result.titles.join(' > '), () => {
          if (result.state === 'failed') throw innerError(result);
        });
      }
    });
  }
}

function innerError({ message, stack }: InnerResult): Error {
  const error = new Error(message);
  error.stack = stack;
  return error;
}
