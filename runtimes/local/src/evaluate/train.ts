import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainerProgram, Variant } from '@groundswell/graph';
import { type TrainerCard, train } from '@groundswell/trainer';
import type { Outcome, Prediction } from '@groundswell/wire';

export interface TrainingRows {
  readonly predictions: readonly Prediction[];
  readonly outcomes: readonly Outcome[];
}

/** What the trainer made, as variants that a scorer can take. */
export interface TrainedVariants {
  readonly champion: Variant;
  /** A shadow; absent where the resource names no baseline features. */
  readonly baseline: Variant | undefined;
  readonly card: TrainerCard;
}

/** In parts: a text holds half a gigabyte at most, which a few hundred thousand vectors exceed. */
const partRows = 1000;

export const linesOf = function* (rows: readonly unknown[]): Generator<string> {
  for (let from = 0; from < rows.length; from += partRows) {
    const part = rows.slice(from, from + partRows);
    yield part.map((row) => `${JSON.stringify(row)}\n`).join('');
  }
};

/**
 * Trains a model and its baseline from rows in memory, once for each `evaluate` or `train`. Nothing is compared with the
 * champion, whose training may have seen the same rows. Only models and card stay in `out`.
 *
 * @throws Error with the trainer's own last line where it cannot train
 */
export const trainOn = async (
  program: TrainerProgram,
  rows: TrainingRows,
  { out, say }: { out: string; say: (line: string) => void },
): Promise<TrainedVariants> => {
  await mkdir(out, { recursive: true });
  const files = { vectors: join(out, 'vectors.jsonl'), outcomes: join(out, 'outcomes.jsonl') };
  await writeFile(files.vectors, linesOf(rows.predictions));
  await writeFile(files.outcomes, linesOf(rows.outcomes));
  const card = await train(program, files, { out, say });
  await Promise.all(Object.values(files).map((path) => rm(path)));
  const variant = (name: string, { file, sha256 }: { file: string; sha256: string }, shadow: boolean): Variant => ({
    name,
    share: shadow ? 0 : 100,
    shadow,
    artifact: { uri: join(out, file), sha256 },
    positiveClass: 1,
  });
  return {
    champion: variant('champion', card.candidate, false),
    baseline: card.baseline && variant('baseline', card.baseline, true),
    card,
  };
};
