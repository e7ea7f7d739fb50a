import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { flinkLacks } from '../servers/flink.ts';
import { say } from '../servers/programs.ts';

/** Runs the suite on real Flink; says so and ends well where there is no Java. Arguments go on to vitest. */
const main = (): number => {
  const lacks = flinkLacks();
  if (lacks !== undefined) {
    say(`SKIPPED, nothing was compared with Flink. ${lacks}`);
    return 0;
  }
  const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
  const config = join(import.meta.dirname, 'vitest.config.ts');
  const words = [vitest, 'run', '--config', config, ...process.argv.slice(2)];
  return spawnSync(process.execPath, words, { stdio: 'inherit' }).status ?? 1;
};

process.exitCode = main();
