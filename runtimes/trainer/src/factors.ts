import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runPython } from './run-python.ts';

/** Who took what, and for whom how many items are wanted. */
interface FactorsAsked {
  /** User and item, each pair once. */
  readonly taken: readonly (readonly [user: string, item: string])[];
  readonly asked: readonly string[];
  readonly count: number;
}

/**
 * What matrix factorisation recommends to each of the asked users, best first, without what they took.
 *
 * @throws Error with the trainer's own last line where it cannot
 */
export const recommendByFactors = async (
  asked: FactorsAsked,
  say: (line: string) => void,
): Promise<readonly (readonly string[])[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-factors-'));
  try {
    const files = { asked: join(folder, 'asked.json'), out: join(folder, 'best.json') };
    await writeFile(files.asked, JSON.stringify(asked));
    const args = Object.entries(files).flatMap(([name, path]) => [`--${name}`, path]);
    await runPython(['-m', 'groundswell_trainer.factors', ...args], { say });
    return z.array(z.array(z.string())).parse(JSON.parse(await readFile(files.out, 'utf8')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
