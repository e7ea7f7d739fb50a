import { defineConfig } from 'vitest/config';

/** Tests that train models, and so need Python: `make test-trainer`. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: { include: ['**/*.trainer.test.ts'], testTimeout: 1_800_000, hookTimeout: 1_800_000, fileParallelism: false },
});
