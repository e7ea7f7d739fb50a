import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainerProgram, Variant } from '@groundswell/graph';
import type { Outcome, Prediction } from '@groundswell/wire';

export interface TrainingRows {
  readonly predictions: readonly Prediction[];
  readonly outcomes: readonly Outcome[];
}

export interface TrainOptions {
  /** Where the model, the baseline and the card are written; made when missing. */
  readonly out: string;
  /** Takes the trainer's lines of progress. */
  readonly say: (line: string) => void;
}

/** What the trainer published, as variants that a scorer can take. */
export interface TrainedVariants {
  readonly champion: Variant;
  /** A shadow; absent where the resource names no baseline features. */
  readonly baseline: Variant | undefined;
}

const trainer = join(import.meta.dirname, '..', '..', '..', 'trainer', 'run');
const linesOf = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const runTrainer = (args: readonly string[], say: (line: string) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(trainer, args, { stdio: ['ignore', 'inherit', 'pipe'] });
    let last = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter((line) => line.trim() !== '')) {
        last = line;
        say(line);
      }
    });
    child.on('error', (cause) =>
      reject(new Error('Cannot start the trainer: Python 3.11 or newer is needed', { cause })),
    );
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(last || `Cannot train: the trainer ended with code ${code}`)),
    );
  });

interface Card {
  readonly champion: { readonly file: string; readonly sha256: string };
  readonly baseline?: { readonly file: string; readonly sha256: string };
}

/**
 * Trains a model and its baseline from logged vectors and matured outcomes (Python, set up when first used).
 * Called once for each `evaluate` or `train`.
 *
 * @throws Error with the trainer's own last line where it cannot train
 */
export const train = async (
  program: TrainerProgram,
  rows: TrainingRows,
  { out, say }: TrainOptions,
): Promise<TrainedVariants> => {
  await mkdir(out, { recursive: true });
  const files = {
    spec: join(out, 'program.json'),
    vectors: join(out, 'vectors.jsonl'),
    outcomes: join(out, 'outcomes.jsonl'),
  };
  await writeFile(files.spec, JSON.stringify(program));
  await writeFile(files.vectors, linesOf(rows.predictions));
  await writeFile(files.outcomes, linesOf(rows.outcomes));
  const args = Object.entries({ ...files, out }).flatMap(([name, path]) => [`--${name}`, path]);
  await runTrainer(['-m', 'groundswell_trainer', ...args], say);
  const card = JSON.parse(await readFile(join(out, 'card.json'), 'utf8')) as Card;
  const variant = (name: string, { file, sha256 }: Card['champion'], shadow: boolean): Variant => ({
    name,
    share: shadow ? 0 : 100,
    shadow,
    artifact: { uri: join(out, file), sha256 },
    positiveClass: 1,
  });
  return {
    champion: variant('champion', card.champion, false),
    baseline: card.baseline && variant('baseline', card.baseline, true),
  };
};
