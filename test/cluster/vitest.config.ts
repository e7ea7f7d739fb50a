import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What needs a Kubernetes API server: `make test-cluster`. One file after the other, for there are two cores. */
export default defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/**/*.cluster.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    // The first start of all builds the servers.
    hookTimeout: 45 * 60_000,
  },
});
