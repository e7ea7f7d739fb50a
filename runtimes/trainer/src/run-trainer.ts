import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArtifactAccess, FetchError, readArtifact, readCardOf } from '@groundswell/artifacts';
import type { TrainerProgram } from '@groundswell/graph';
import { readCard, TrainerCard } from './card.ts';
import { runPython } from './run-python.ts';

/** JSON lines: Prediction records, and Outcome records. */
export interface TrainingFiles {
  readonly vectors: string;
  readonly outcomes: string;
}

export interface TrainOptions {
  /** Where the model, the baseline and the card are written; made when missing. */
  readonly out: string;
  /** How to get at the champion. Without it, nothing is compared with the champion. */
  readonly access?: ArtifactAccess;
  readonly signal?: AbortSignal;
  /** Takes the trainer's lines of progress. */
  readonly say: (line: string) => void;
}

/** Writes the champion to `path`, from wherever it lies. Answers what the trainer is told of it. */
const championArguments = async (
  { champion, betterThanChampion }: TrainerProgram,
  { access, path }: { access: ArtifactAccess | undefined; path: string },
): Promise<readonly string[]> => {
  if (champion === undefined || access === undefined || !betterThanChampion) return [];
  const { artifact, output, positiveClass } = champion;
  const { explainer: _, ...alone } = artifact;
  const { model } = await readArtifact(alone, access).catch((error: unknown) => {
    if (!(error instanceof FetchError)) throw error;
    throw new Error(`Cannot compare with the champion: ${error.message}`, { cause: error });
  });
  await writeFile(path, model);
  const card = TrainerCard.safeParse(await readCardOf(artifact, access)).data;
  return [
    ...['--champion', path, '--champion-class', String(positiveClass)],
    ...(output === undefined ? [] : ['--champion-output', output]),
    ...(card === undefined ? [] : ['--champion-trained-to', String(card.postedTo)]),
  ];
};

/** What the trainer reads besides rows, and nobody else. */
const inputsIn = (out: string) => ({ spec: join(out, 'program.json'), champion: join(out, 'champion.onnx') });

/** Makes `out`, and writes what the trainer needs in it. Answers what to call the trainer with, before `finish`. */
export const prepare = async (
  program: TrainerProgram,
  files: TrainingFiles,
  { out, access }: Pick<TrainOptions, 'out' | 'access'>,
): Promise<readonly string[]> => {
  const { spec, champion } = inputsIn(out);
  await mkdir(out, { recursive: true });
  await writeFile(spec, JSON.stringify(program));
  const args = Object.entries({ spec, ...files, out }).flatMap(([name, path]) => [`--${name}`, path]);
  return [...args, ...(await championArguments(program, { access, path: champion }))];
};

/** What came of it. Leaves in `out` what the trainer made. */
export const finish = async (out: string): Promise<TrainerCard> => {
  await Promise.all(Object.values(inputsIn(out)).map((path) => rm(path, { force: true })));
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
