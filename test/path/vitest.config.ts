import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What plays days, or thousands of lives, in minutes: `make test-simulation`. */
export default defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['runtimes/window/src/simulation.test.ts', 'test/path/*.simulation.test.ts'],
    pool: 'threads',
    maxWorkers: '100%',
  },
});
