import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** All ways to install, on a real API server: `make test-install`. One file after the other, for there are two cores. */
export default defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/install/*.install.test.ts'],
    fileParallelism: false,
    // Twice the two minutes that the API server may take to delete a CRD.
    testTimeout: 240_000,
    // The first start of all builds what is needed.
    hookTimeout: 45 * 60_000,
  },
});
