import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainerProgram } from '@groundswell/graph';
import { z } from 'zod';
import { runPython } from './run-python.ts';
import type { TrainingFiles } from './run-trainer.ts';

const Figures = z.object({ ageMs: z.number(), auc: z.number().nullable(), liftAt10: z.number().nullable() });

/** How good a model is with all features, and trained again without each group of them. */
export const Ablation = z.object({
  rows: z.number().int(),
  testRows: z.number().int(),
  ages: z.array(Figures),
  without: z.array(z.object({ name: z.string(), features: z.array(z.string()), ages: z.array(Figures) })),
});
export type Ablation = z.output<typeof Ablation>;

interface AblateOptions {
  /** Of this run alone; it holds the files, too. */
  readonly folder: string;
  /** Name → features. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly say: (line: string) => void;
}

/** @throws Error with the trainer's own last line where it cannot train */
export const ablate = async (
  program: TrainerProgram,
  files: TrainingFiles & { readonly test: string },
  { folder, groups, say }: AblateOptions,
): Promise<Ablation> => {
  const own = { spec: join(folder, 'program.json'), groups: join(folder, 'groups.json') };
  const out = join(folder, 'ablation.json');
  await writeFile(own.spec, JSON.stringify(program));
  await writeFile(own.groups, JSON.stringify(groups));
  const args = Object.entries({ ...own, ...files, out }).flatMap(([name, path]) => [`--${name}`, path]);
  await runPython(['-m', 'groundswell_trainer.ablate', ...args], { say });
  return Ablation.parse(JSON.parse(await readFile(out, 'utf8')));
};
