import { findProgram, installPackages, isProgram } from '../servers/programs.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Path of the Chromium or Chrome of this machine; `CHROMIUM` names another. undefined: there is none. */
const findChromium = (): string | undefined =>
  [process.env['CHROMIUM'] ?? '', ...names.map((name) => findProgram(name) ?? ''), ...elsewhere].find(
    (path) => path !== '' && isProgram(path),
  );

/**
 * The Chromium to test with; installs Debian's where that is possible.
 * @throws Error when there is none and it cannot be installed
 */
export const ensureChromium = (): string => {
  const found = findChromium();
  if (found !== undefined) return found;
  installPackages('chromium', 'fonts-liberation');
  const installed = findChromium();
  if (installed !== undefined) return installed;
  throw new Error(
    'Cannot test the page: this machine has no Chromium, install it (apt-get install chromium) or set CHROMIUM to its path',
  );
};
