import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { repositoryRoot } from '../support/shared';

/** One file that runs everything; it may take long before vitest knows which tests there are. */
export function integrationConfig(file: string, globalSetup: readonly string[]): ViteUserConfig {
  return defineConfig({
    root: repositoryRoot,
    test: {
      include: [file],
      globalSetup: [...globalSetup],
      reporters: ['default', './test/support/closingLine.ts'],
      pool: 'forks',
    },
  });
}

// Vitest loads a configuration by the default export of its file.
// eslint-disable-next-line no-restricted-syntax
export default integrationConfig('test/integration/run.ts', ['./test/rig/globalSetup.ts']);
