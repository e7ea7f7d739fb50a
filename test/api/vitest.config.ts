import { defineConfig } from 'vitest/config';

/** The API as strangers use it, which needs Python: `make test-api`. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: { include: ['**/*.api.test.ts'], testTimeout: 600_000, hookTimeout: 600_000, fileParallelism: false },
});
