import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, findProgram, say } from './programs.ts';

/** A program of a Go module, built into the cache; undefined, and said so, where that cannot be done. @param path of its package in the module */
export const goProgram = (path: string, version: string): string | undefined => {
  const name = path.split('/').at(-1) ?? '';
  const folder = join(cacheFolder(), `${name}-${version}`);
  const program = join(folder, name);
  if (existsSync(program)) return program;
  const go = findProgram('go');
  if (go === undefined) {
    say(`Skipping ${name}: there is no Go on this machine to build it with`);
    return undefined;
  }
  say(`Setting up ${name} (once; some minutes)`);
  const { status } = spawnSync(go, ['install', `${path}@${version}`], {
    env: { ...process.env, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  if (status === 0) return program;
  say(`Skipping ${name}: go install ended with ${status}`);
  return undefined;
};
