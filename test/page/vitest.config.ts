import { defineConfig } from 'vitest/config';
import { repositoryRoot } from '../support/shared';

// Vitest loads a configuration by the default export of its file.
// eslint-disable-next-line no-restricted-syntax
export default defineConfig({
  root: repositoryRoot,
  test: {
    include: ['test/page/**/*.test.ts'],
    globalSetup: ['./test/rig/browserSetup.ts', './test/page/buildPage.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/closingLine.ts'],
    pool: 'forks',
    poolOptions: { forks: { maxForks: 2 } },
  },
});
