import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where fetched servers are kept, outside the tree, so that a new clone finds them. */
export const cacheFolder = (): string =>
  process.env['GROUNDSWELL_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'groundswell');

export const say = (line: string): void => void process.stderr.write(`${line}\n`);

export const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

export const findProgram = (name: string): string | undefined => {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isProgram);
};

const apt = (...words: readonly string[]): void => {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['-qq', ...words], { stdio: ['ignore', 'ignore', 'inherit'], env });
};

/** Installs Debian packages where that is possible; whoever needs them looks for them again. */
export const installPackages = (...packages: readonly string[]): void => {
  if (process.getuid?.() !== 0 || findProgram('apt-get') === undefined) return;
  say(`Setting up: installing ${packages.join(' ')} (once)`);
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...packages);
};

/**
 * The program's path; installs its Debian package where that is possible.
 * @throws Error when it is missing and cannot be installed. `instead` says what else can be done
 */
export const ensureProgram = (name: string, debianPackage: string, instead: string): string => {
  const found = findProgram(name);
  if (found !== undefined) return found;
  installPackages(debianPackage);
  const installed = findProgram(name);
  if (installed !== undefined) return installed;
  throw new Error(
    `Cannot run "${name}": it is not on the PATH, install it (apt-get install ${debianPackage}) or ${instead}`,
  );
};
