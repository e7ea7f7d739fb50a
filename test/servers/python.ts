import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, say } from './programs.ts';

const run = (command: string, args: readonly string[]): void => {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status === 0) return;
  const says = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
  throw new Error(
    `Cannot set up Python: "${command} ${args.slice(0, 3).join(' ')} …" failed (${says}), Python 3.11 or newer and a package index are needed`,
  );
};

/**
 * The interpreter of an environment with exactly the packages of a lock file, made once for each state of it, in the cache.
 *
 * @throws Error where there is no Python, or no index to install from
 */
export const pythonOf = (lock: string): string => {
  const digest = createHash('sha256').update(readFileSync(lock)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `python-${digest}`);
  const interpreter = join(folder, 'bin', 'python');
  if (existsSync(join(folder, '.complete'))) return interpreter;
  say('Setting up Python packages (once; about a minute)');
  rmSync(folder, { recursive: true, force: true });
  run(process.env['PYTHON'] ?? 'python3', ['-m', 'venv', folder]);
  run(interpreter, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '-r', lock]);
  writeFileSync(join(folder, '.complete'), '');
  return interpreter;
};
