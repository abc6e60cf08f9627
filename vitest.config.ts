import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    {
      name: 'proto-as-text',
      enforce: 'pre',
      load(id) {
        if (!id.endsWith('.proto')) return undefined;
        return `export default ${JSON.stringify(readFileSync(id, 'utf8'))};`;
      },
    },
  ],
  test: {
    include: ['test/unit/**/*.test.ts'],
    globalSetup: './test/support/buildCli.ts',
    testTimeout: 60_000,
    reporters: ['default', './test/support/closingLine.ts'],
    // onnxruntime keeps native threads: processes end cleanly where worker threads may not.
    pool: 'forks',
    poolOptions: { forks: { maxForks: 2 } },
  },
});
