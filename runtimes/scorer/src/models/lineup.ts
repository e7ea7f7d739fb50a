import type { Variant } from '@groundswell/graph';
import { ProtocolError } from '../oip/status.ts';
import type { Model, RunOptions } from './model.ts';
import type { Router } from './variants.ts';

/** One score of one row. */
export interface Answer {
  readonly variant: string;
  readonly digest: string;
  readonly shadow: boolean;
  /** A probability; NaN where the model gave none. */
  readonly score: number;
}

/** A variant, and what serves as it. */
export interface Slot {
  readonly variant: Variant;
  readonly model: Model | undefined;
  readonly problem: string | undefined;
  /** Another try may load it. */
  readonly isTransient?: boolean;
}

/** What serves at one moment. Never changed; replaced as a whole. */
export interface Lineup {
  readonly slots: readonly Slot[];
  readonly route: Router;
  readonly maxRows: number;
}

interface Asking {
  readonly keys: readonly string[];
  readonly request: RunOptions;
  readonly width: number;
}

/** Scores rows for a request, each by the variant of its key. @throws ProtocolError */
export const askAll = async (
  { slots, route }: Lineup,
  rows: Float32Array,
  { keys, request, width }: Asking,
): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  const routes = keys.map(route);
  const parts = [...new Set(routes)].map((place) => {
    const { variant, model } = slots[place ?? -1] ?? {};
    if (variant === undefined || model === undefined)
      throw new ProtocolError(
        'Unavailable',
        'Cannot score: no variant of the model serves, see the repository index for why',
      );
    const indexes = [...keys.keys()].filter((row) => routes[row] === place);
    return { variant, model, indexes, scores: model.run(gather(rows, indexes, width), indexes.length, request) };
  });
  // All are waited for, also where one is refused: none may fail unheard.
  const scores = await Promise.all(parts.map((part) => part.scores));
  for (const [i, { variant, model, indexes }] of parts.entries())
    for (const [row, score] of scores[i]?.entries() ?? [])
      answers[indexes[row] ?? 0] = { variant: variant.name, digest: model.digest, shadow: false, score };
  return answers;
};

/** The rows of these places, without a copy where they are all. */
export const gather = (rows: Float32Array, indexes: readonly number[], width: number): Float32Array => {
  if (indexes.length * width === rows.length) return rows;
  const gathered = new Float32Array(indexes.length * width);
  for (const [i, index] of indexes.entries())
    gathered.set(rows.subarray(index * width, (index + 1) * width), i * width);
  return gathered;
};
