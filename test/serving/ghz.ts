import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, findProgram, say } from '../servers/programs.ts';

const version = 'v0.120.0';

/** ghz, built by Go into the cache; undefined, and said so, where there is no Go. */
export const ghzProgram = (): string | undefined => {
  const folder = join(cacheFolder(), `ghz-${version}`);
  const program = join(folder, 'ghz');
  if (existsSync(program)) return program;
  const go = findProgram('go');
  if (go === undefined) {
    say('Skipping ghz: there is no Go on this machine to build it with');
    return undefined;
  }
  say('Setting up ghz (once; some minutes)');
  const { status } = spawnSync(go, ['install', `github.com/bojand/ghz/cmd/ghz@${version}`], {
    env: { ...process.env, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  if (status === 0) return program;
  say(`Skipping ghz: go install ended with ${status}`);
  return undefined;
};
