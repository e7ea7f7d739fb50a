import { defineConfig } from 'vitest/config';

/** Tests that need servers (Kafka, Redis, Chromium, Python, Kubernetes) live in files with another word before `.test.ts` (stores, kill, browser, trainer, cluster), which have targets of their own. */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      '**/*.stores.test.ts',
      '**/*.kill.test.ts',
      '**/*.flink.test.ts',
      '**/*.browser.test.ts',
      '**/*.trainer.test.ts',
      '**/*.serving.test.ts',
      '**/*.cluster.test.ts',
    ],
    pool: 'threads',
    testTimeout: 30_000,
  },
});
