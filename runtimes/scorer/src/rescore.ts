import type { ArtifactAccess } from '@groundswell/artifacts';
import { createFeatures } from '@groundswell/features';
import type { ScorerProgram } from '@groundswell/graph';
import type { Prediction } from '@groundswell/wire';
import { createServing } from './models/serving.ts';
import { threadsOf } from './threads.ts';

export interface Rescored {
  /** What the artifact says of the vector now. */
  readonly score: number;
  /** sha256 of the artifact that said it. */
  readonly digest: string;
  /** Whether both are what the prediction has, the score to the last bit. */
  readonly isEqual: boolean;
}

/**
 * Scores the vector of a prediction again, by the variant that made it.
 *
 * @throws Error where the variant is gone, or cannot be loaded
 */
export const rescore = async (
  program: ScorerProgram,
  { variant: name, vector, score, digest }: Prediction,
  access: ArtifactAccess,
): Promise<Rescored> => {
  const found = program.variants.find((variant) => variant.name === name);
  if (found === undefined)
    throw new Error(`Cannot score again: model "${program.model}" has no variant "${name}" any more`);
  const { width, missing } = createFeatures(program.features);
  const alone = { ...program, variants: [{ ...found, share: 100, shadow: false, compared: false }] };
  const serving = await createServing(alone, {
    ...{ ...access, width, missing, threads: threadsOf(), onRun: () => undefined },
    onFailure: (_variant, error) => {
      throw error;
    },
  });
  try {
    const row = Float32Array.from(vector, (value) => value ?? Number.NaN);
    const [answers = []] = await serving.score(row, ['']);
    const [answer] = answers;
    if (answer === undefined) {
      const [status] = serving.status();
      throw new Error(`Cannot score again: variant "${name}" does not serve: ${status?.problem ?? 'it has no model'}`);
    }
    const again = { score: answer.score, digest: answer.digest };
    return { ...again, isEqual: Object.is(again.score, score) && again.digest === digest };
  } finally {
    await serving.close();
  }
};
