import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The page in a real Chromium: `make test-browser`. One file after the other, for there are two cores. */
export default defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/browser/*.browser.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
