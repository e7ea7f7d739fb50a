import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../servers/programs.ts';
import { pythonOf } from '../servers/python.ts';

const python = join(import.meta.dirname, 'python');

/** The interpreter that makes the models, and has the clients. */
export const servingPython = (): string => pythonOf(join(python, 'requirements.lock'));

/** The folder with models of all kinds (`python/models.py`), made once for each state of what makes them. */
export const servingModels = (): string => {
  const interpreter = servingPython();
  const digest = createHash('sha256');
  for (const file of ['models.py', 'requirements.lock']) digest.update(readFileSync(join(python, file)));
  const folder = join(cacheFolder(), `models-${digest.digest('hex').slice(0, 12)}`);
  if (existsSync(join(folder, '.complete'))) return folder;
  const { status } = spawnSync(interpreter, ['-W', 'ignore', join(python, 'models.py'), folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`Cannot make the models: models.py ended with ${status}, see its output above`);
  return folder;
};
