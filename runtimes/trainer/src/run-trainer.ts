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
  { directory }: Pick<TrainOptions, 'directory'>,
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

/** Where the program is written for the trainer to read. */
const specIn = (out: string): string => join(out, 'program.json');

/** Makes `out`, and writes what the trainer needs in it. Answers what to call the trainer with, before `finish`. */
export const prepare = async (
  program: TrainerProgram,
  files: TrainingFiles,
  options: Pick<TrainOptions, 'out' | 'directory'>,
): Promise<readonly string[]> => {
  const { out } = options;
  const spec = specIn(out);
  await mkdir(out, { recursive: true });
  await writeFile(spec, JSON.stringify(program));
  const args = Object.entries({ spec, ...files, out }).flatMap(([name, path]) => [`--${name}`, path]);
  return [...args, ...(await championArguments(program, options))];
};

/** What came of it. Leaves in `out` what the trainer made. */
export const finish = async (out: string): Promise<TrainerCard> => {
  await rm(specIn(out), { force: true });
  return readCard(out);
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
  const args = await prepare(program, files, options);
  await runPython(['-m', 'groundswell_trainer', ...args], options);
  return finish(options.out);
};
