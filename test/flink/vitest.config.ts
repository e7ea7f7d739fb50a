import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Our windows against real Flink: `make test-flink`. One file after the other, for there are two cores. */
export default defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/flink/*.flink.test.ts'],
    fileParallelism: false,
    testTimeout: 590_000,
    hookTimeout: 590_000,
  },
});
