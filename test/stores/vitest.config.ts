import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The stores on real servers: `make test-stores`. One file after the other, for there are two cores. */
export default defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/stores/*.stores.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
