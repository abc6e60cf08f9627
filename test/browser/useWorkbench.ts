import { afterAll, afterEach, beforeAll } from 'vitest';
import { Workbench, type WorkbenchOptions } from './workbench';

/**
 * One editor for all tests of a group; a failed test leaves a picture in `build/screenshots/`.
 * Returns a function, as the editor is there only once the tests run.
 */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  const current = (): Workbench => {
    if (workbench === undefined) throw new Error('The editor is there only while tests run.');
    return workbench;
  };
  beforeAll(async () => {
    workbench = await Workbench.open(options);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await current().screenshot(`failed ${task.name}`);
  });
  afterAll(async () => {
    await workbench?.close();
  });
  return current;
}
