import { defineConfig } from 'vitest/config';

/** Tests that need servers (Kafka, Redis, Chromium) live in `*.stores.test.ts` and `*.browser.test.ts` and have targets of their own. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.stores.test.ts', '**/*.browser.test.ts'],
    pool: 'threads',
    testTimeout: 30_000,
  },
});
