import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Path of the Chromium or Chrome of this machine; `CHROMIUM` names another. undefined: there is none. */
const findChromium = (): string | undefined => {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env['CHROMIUM'] ?? '', ...onPath, ...elsewhere].find((path) => path !== '' && isProgram(path));
};

const apt = (...words: readonly string[]): boolean => {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-qq', ...words], { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
};

/**
 * The Chromium to test with; installs Debian's where that is possible.
 * @throws Error when there is none and it cannot be installed
 */
export const ensureChromium = (): string => {
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0) {
    process.stderr.write('Setting up: installing chromium (once; about a minute)\n');
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation');
  }
  const installed = findChromium();
  if (installed !== undefined) return installed;
  throw new Error(
    'Cannot test the page: this machine has no Chromium, install it (apt-get install chromium) or set CHROMIUM to its path',
  );
};
