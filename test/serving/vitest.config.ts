import { defineConfig } from 'vitest/config';

/** Tests of serving with real clients, which need Python: `make test-serving`. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: { include: ['**/*.serving.test.ts'], testTimeout: 600_000, fileParallelism: false },
});
