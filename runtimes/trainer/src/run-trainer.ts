import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { TrainerProgram } from '@groundswell/graph';
import { readCard, type TrainerCard, trainingOf } from './card.ts';
import { runPython } from './run-python.ts';

/** JSON lines: Prediction records, and Outcome records. */
export interface TrainingFiles {
  readonly vectors: string;
  readonly outcomes: string;
}

export interface TrainOptions {
  /** Where the model, the baseline and the card are written; made when missing. */
  readonly out: string;
  /** Where a relative path of the champion begins. Without it, nothing is compared with the champion. */
  readonly directory?: string;
  readonly signal?: AbortSignal;
  /** Takes the trainer's lines of progress. */
  readonly say: (line: string) => void;
}

const championArguments = async (
  { champion }: TrainerProgram,
  { directory }: TrainOptions,
): Promise<readonly string[]> => {
  if (champion === undefined || directory === undefined) return [];
  const { artifact, output, positiveClass } = champion;
  const path = resolve(directory, artifact.uri);
  const card = await trainingOf({ path, sha256: artifact.sha256 });
  return [
    ...['--champion', path, '--champion-class', String(positiveClass)],
    ...(output === undefined ? [] : ['--champion-output', output]),
    ...(card === undefined ? [] : ['--champion-trained-to', String(card.postedTo)]),
  ];
};

/**
 * Trains a model and its baseline from logged vectors and matured outcomes (Python, set up when first used), and judges
 * the model. Writes `model.onnx`, `baseline.onnx` and `card.json`. Equal rows and seed give equal bytes.
 *
 * @throws Error with the trainer's own last line where it cannot train
 */
export const train = async (
  program: TrainerProgram,
  files: TrainingFiles,
  options: TrainOptions,
): Promise<TrainerCard> => {
  const { out } = options;
  await mkdir(out, { recursive: true });
  const spec = join(out, 'program.json');
  await writeFile(spec, JSON.stringify(program));
  const args = Object.entries({ spec, ...files, out }).flatMap(([name, path]) => [`--${name}`, path]);
  await runPython(['-m', 'groundswell_trainer', ...args, ...(await championArguments(program, options))], options);
  await rm(spec);
  return readCard(out);
};
