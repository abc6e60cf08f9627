import { integrationConfig } from './vitest.config';

const config = integrationConfig('test/integration/bench.ts', ['./test/rig/globalSetup.ts']);

// Vitest loads a configuration by the default export of its file.
// eslint-disable-next-line no-restricted-syntax
export default { ...config, test: { ...config.test, reporters: ['verbose'] } };
