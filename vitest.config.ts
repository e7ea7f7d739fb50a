import { defineConfig } from 'vitest/config';

/**
 * Tests that need servers (Kafka, Redis, Chromium, Python, Kubernetes) or minutes have another word before `.test.ts`, and a
 * make target of that name: `*.stores.test.ts` run by `make test-stores`. Laws are properties, and run here.
 */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.!(laws).test.ts'],
    pool: 'threads',
    // By default one processor is left free, which of two is half.
    maxWorkers: '100%',
    testTimeout: 30_000,
  },
});
