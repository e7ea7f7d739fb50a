import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Windows whose workers, broker and store are killed while events flow: `make test-kill`. Starts its own servers. */
export default defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/kill/*.kill.test.ts'],
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
  },
});
