import { loadPrograms } from '../load.ts';

export interface ValidateOptions {
  readonly file: readonly string[];
}

export const validate = async ({ file }: ValidateOptions): Promise<void> => {
  const { programs, warnings } = await loadPrograms(file, 'local');
  for (const line of warnings) process.stderr.write(`${line}\n`);
  process.stdout.write(`Valid: ${programs.length} programs (${programs.map(({ name }) => name).join(', ')})\n`);
};
