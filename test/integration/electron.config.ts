import { integrationConfig } from './vitest.config';

// Vitest loads a configuration by the default export of its file.
// eslint-disable-next-line no-restricted-syntax
export default integrationConfig('test/integration/electron.ts', []);
