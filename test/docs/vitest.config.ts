import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What the pages tell a reader to do: `make test-docs`. */
export default defineConfig({
  root: join(import.meta.dirname, '..', '..'),
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['test/docs/*.docs.test.ts'],
    testTimeout: 300_000,
  },
});
