import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainerProgram } from '@groundswell/graph';
import type { Log } from '@groundswell/stores';
import type { TrainingState } from '@groundswell/wire';
import { createIntake, type Intake } from '../intake.ts';
import { championNow } from '../proposal.ts';
import { prepare } from '../run-trainer.ts';
import { openSpool, type Spool } from '../spool.ts';

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

/** Records of one poll. What was polled is on disk before the next. */
const maxRecords = 5000;
/** A topic that gives nothing for so long is not read to its end. */
const patienceMs = 60_000;

/** Takes all that the topics have now; what comes meanwhile may be taken, too. */
const readToEnd = async (log: Log, topics: readonly string[], take: Intake['take'], spool: Spool): Promise<void> => {
  const open = new Map<string, bigint>();
  for (const topic of topics)
    for (const { partition, start, end } of await log.bounds(topic))
      if (start < end) open.set(`${topic} ${partition}`, end);
  if (open.size === 0) return;
  const consumer = await log.consumer({ topics, from: 'earliest' });
  try {
    while (open.size > 0) {
      const batches = await consumer.poll({ maxRecords, maxWaitMs: patienceMs });
      if (batches.length === 0 && consumer.assignment().length > 0)
        throw new Error(
          `Cannot read what was logged: nothing came for ${patienceMs / 1_000} s from ${[...open.keys()].join(', ')}`,
        );
      take(batches);
      await spool.save();
      for (const { topic, partition, records } of batches) {
        const key = `${topic} ${partition}`;
        if ((records.at(-1)?.offset ?? -1n) + 1n >= (open.get(key) ?? 0n)) open.delete(key);
      }
    }
  } finally {
    await consumer.close();
  }
};

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
  await readToEnd(log, [program.predictions.name, program.outcomes.name], intake.take, spool);
  if (!intake.hasBothClasses())
    throw new Error(
      `Cannot train "${program.model}" yet: no post that is "${program.outcome}", or none that is not, has matured, both are needed`,
    );
  const files = await spool.snapshot(folder);
  const mark = await spool.save();
  await rm(rows, { recursive: true });
  const { champion: written, ...rest } = program;
  const champion = championNow(program, state?.proposed ?? {});
  const inForce = { ...rest, ...(champion !== undefined && { champion }) };
  const args = await prepare(inForce, files, { out: outOf(folder), access: { directory: '/', mounts } });
  await writeFile(join(folder, 'arguments'), `${args.join('\n')}\n`);
  return { rows: mark.files.vectors.lines };
};
