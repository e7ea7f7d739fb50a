import { stringify } from 'yaml';
import { loadPrograms } from '../load.ts';

export interface CompileOptions {
  readonly file: readonly string[];
  readonly output: 'yaml' | 'json';
  readonly target: 'local' | 'cluster';
}

export const compilePrograms = async ({ file, output, target }: CompileOptions): Promise<void> => {
  const { programs, warnings } = await loadPrograms(file, target);
  for (const line of warnings) process.stderr.write(`${line}\n`);
  process.stdout.write(output === 'json' ? `${JSON.stringify(programs, null, 2)}\n` : stringify(programs));
};
