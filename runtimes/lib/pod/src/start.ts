import { existsSync } from 'node:fs';
import { join } from 'node:path';

// The entry of the image, which has all programs: `start.js window` runs one of them. What follows its name is the
// program's own.

const root = join(import.meta.dirname, '..', '..', '..', '..');
const [name = ''] = process.argv.splice(2, 1);
const main = ['operator', `runtimes/${name}`]
  .filter((folder) => folder.split('/').at(-1) === name)
  .map((folder) => join(root, folder, 'dist', 'main.js'))
  .find(existsSync);
if (main === undefined || !/^[a-z]+$/.test(name)) {
  process.stderr.write(`Cannot start "${name}": it is no program of this image, name one such as operator or window\n`);
  process.exit(2);
}
await import(main);
