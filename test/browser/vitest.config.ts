import { defineConfig } from 'vitest/config';
import { repositoryRoot } from '../support/shared';

// Vitest loads a configuration by the default export of its file.
// eslint-disable-next-line no-restricted-syntax
export default defineConfig({
  root: repositoryRoot,
  test: {
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['./test/rig/globalSetup.ts', './test/browser/packageExtension.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/support/closingLine.ts'],
    pool: 'forks',
    // One editor at a time: two would slow each other down until waits run out.
    fileParallelism: false,
  },
});
