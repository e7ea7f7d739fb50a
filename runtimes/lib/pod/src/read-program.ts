import { readFile } from 'node:fs/promises';
import type { Program } from '@groundswell/graph';

/** @throws Error where the file cannot be read, or holds no program of this kind */
export const readProgram = async <P extends Program>(file: string, parse: (value: unknown) => P): Promise<P> =>
  parse(JSON.parse(await readFile(file, 'utf8')));
