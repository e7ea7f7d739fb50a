import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

// Compiles every package into its own `dist`, where the exports of its package.json point without `--conditions=source`.
// One run of the compiler writes all of it into one folder, from where it is moved.

const root = import.meta.dirname;
const compiled = join(root, 'dist');
// Golden files and other data of tests lie beside the tests.
const ofTests = /\/(test|golden|contract)\/|\.(ts|md)$/;

rmSync(compiled, { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
for (const sources of globSync('**/src', { cwd: compiled })) {
  const from = join(root, sources);
  const dist = join(root, dirname(sources), 'dist');
  rmSync(dist, { recursive: true, force: true });
  renameSync(join(compiled, sources), dist);
  // What programs read beside their code, such as interface definitions.
  for (const file of globSync('**/*.*', { cwd: from }).filter((name) => !ofTests.test(`/${name}`))) {
    mkdirSync(dirname(join(dist, file)), { recursive: true });
    cpSync(join(from, file), join(dist, file));
  }
}
rmSync(compiled, { recursive: true, force: true });
