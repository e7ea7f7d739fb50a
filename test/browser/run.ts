import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureChromium } from './chromium.ts';

/** Makes sure that there is a Chromium, and runs the browser tests; arguments go on to vitest. */
const main = (): number => {
  try {
    process.env['CHROMIUM'] = ensureChromium();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
  const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
  const words = ['run', '--config', join(import.meta.dirname, 'vitest.config.ts'), ...process.argv.slice(2)];
  return spawnSync(process.execPath, [vitest, ...words], { stdio: 'inherit' }).status ?? 1;
};

process.exitCode = main();
