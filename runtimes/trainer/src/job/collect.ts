import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainerProgram } from '@groundswell/graph';
import { type Log, readToEnd } from '@groundswell/stores';
import type { TrainingState } from '@groundswell/wire';
import { createIntake } from '../intake.ts';
import { withChampion } from '../proposal.ts';
import { prepare } from '../run-trainer.ts';
import { openSpool } from '../spool.ts';

export interface CollectOptions {
  readonly log: Log;
  readonly state: TrainingState | undefined;
  /** Of this run. */
  readonly folder: string;
  /** Where claims, ConfigMaps and Secrets are mounted. */
  readonly mounts: string;
}

/** What the trainer leaves, below the folder of a run. */
export const outOf = (folder: string): string => join(folder, 'out');

/**
 * Writes what was logged of a model to files, with all that the trainer needs to train on them: it is called with
 * `@FOLDER/arguments`.
 *
 * @throws Error where posts of both classes have not matured yet
 */
export const collect = async (program: TrainerProgram, options: CollectOptions): Promise<{ readonly rows: number }> => {
  const { log, state, folder, mounts } = options;
  const rows = join(folder, 'rows');
  const spool = await openSpool(rows, program.maxRows);
  const intake = createIntake(program, spool, { now: undefined, classes: 0, positions: [] });
  await readToEnd(log, { topics: [program.predictions.name, program.outcomes.name] }, async (batches) => {
    intake.take(batches);
    await spool.save();
  });
  if (!intake.hasBothClasses())
    throw new Error(
      `Cannot train "${program.model}" yet: no post that is "${program.outcome}", or none that is not, has matured, both are needed`,
    );
  const files = await spool.snapshot(folder);
  const mark = await spool.save();
  await rm(rows, { recursive: true });
  const inForce = withChampion(program, state?.proposed ?? {});
  const args = await prepare(inForce, files, { out: outOf(folder), access: { directory: '/', mounts } });
  await writeFile(join(folder, 'arguments'), `${args.join('\n')}\n`);
  return { rows: mark.files.vectors.lines };
};
