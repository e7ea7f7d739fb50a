import type { ScorerProgram, Variant } from '@groundswell/graph';
import { ModelRefusedError } from './artifact.ts';
import { type LoadOptions, loadModel, type Model } from './model.ts';
import { createRouter, effectiveShares, type Router } from './variants.ts';

/** One score of one row. */
export interface Answer {
  readonly variant: string;
  readonly digest: string;
  readonly shadow: boolean;
  /** A probability; NaN where the model gave none. */
  readonly score: number;
}

export interface VariantStatus {
  readonly name: string;
  readonly shadow: boolean;
  readonly share: number;
  /** With what it took over from variants that do not serve. */
  readonly effectiveShare: number;
  /** Of the model that serves, which after a failed change is still the one before. */
  readonly digest: string | undefined;
  /** Why the declared artifact does not serve. */
  readonly problem: string | undefined;
}

/** The part of a program that decides about models. All of it is live. */
export type ServingProgram = Pick<ScorerProgram, 'variants' | 'routing' | 'batching'>;

/**
 * The variants of a ScoringModel, loaded. Every door to the models (the stream now; gRPC and HTTP beside it) asks here, so
 * that all of them give a key the same variant and the same score.
 */
export interface Serving {
  /**
   * Scores each row by the variant of its key, and by all shadows.
   *
   * @param rows  float32, row-major, `[keys.length, width]`; must not be written to before this resolves
   * @returns for each row its answers, that of its variant first; only shadows' where no variant serves
   */
  score(rows: Float32Array, keys: readonly string[]): Promise<readonly (readonly Answer[])[]>;
  /** Scores all rows by one variant; undefined where it does not serve. */
  scoreBy(variant: string, rows: Float32Array): Promise<Float32Array | undefined>;
  status(): readonly VariantStatus[];
  /** Loads what is new beside what serves, then swaps all at once. What cannot be loaded leaves its former model serving. */
  update(program: ServingProgram): Promise<void>;
  close(): Promise<void>;
}

export interface ServingOptions extends LoadOptions {
  /** Called for each run of ONNX Runtime. */
  readonly onRun: (run: { readonly variant: string; readonly rows: number; readonly seconds: number }) => void;
  /** Called where a run fails: its rows get no score, and everything else goes on. */
  readonly onFailure: (variant: string, error: unknown) => void;
}

interface Slot {
  readonly variant: Variant;
  readonly model: Model | undefined;
  readonly problem: string | undefined;
}

/** What serves at one moment. Never changed; replaced as a whole. */
interface Lineup {
  readonly slots: readonly Slot[];
  readonly route: Router;
  readonly maxRows: number;
}

export const createServing = async (program: ServingProgram, options: ServingOptions): Promise<Serving> => {
  const { width, onRun, onFailure } = options;
  let lineup: Lineup = { slots: [], route: () => undefined, maxRows: 1 };
  let updating: Promise<void> = Promise.resolve();
  const scoring = new Map<Lineup, number>();
  const retired = new Set<Model>();

  /** Models that no lineup in use still has are closed; never under a run. */
  const sweep = async (): Promise<void> => {
    const inUse = new Set([lineup, ...scoring.keys()].flatMap(({ slots }) => slots.map(({ model }) => model)));
    const over = [...retired].filter((model) => !inUse.has(model));
    for (const model of over) retired.delete(model);
    await Promise.all(over.map((model) => model.close()));
  };
  const using = async <T>(work: (current: Lineup) => Promise<T>): Promise<T> => {
    const current = lineup;
    scoring.set(current, (scoring.get(current) ?? 0) + 1);
    try {
      return await work(current);
    } finally {
      const left = (scoring.get(current) ?? 1) - 1;
      if (left > 0) scoring.set(current, left);
      else scoring.delete(current);
      if (retired.size > 0) await sweep();
    }
  };

  const runSlot = async ({ variant, model }: Slot, rows: Float32Array, maxRows: number): Promise<Float32Array> => {
    const scores = new Float32Array(rows.length / width).fill(Number.NaN);
    if (model === undefined) return scores;
    for (let from = 0; from < scores.length; from += maxRows) {
      const count = Math.min(maxRows, scores.length - from);
      // For a metric only: nothing is decided by it, so it need not be the clock of the ports, which counts whole ms.
      const startedAt = performance.now();
      try {
        scores.set(await model.run(rows.subarray(from * width, (from + count) * width), count), from);
      } catch (error) {
        onFailure(variant.name, error);
      }
      onRun({ variant: variant.name, rows: count, seconds: (performance.now() - startedAt) / 1000 });
    }
    return scores;
  };

  const scoreAll = async (current: Lineup, rows: Float32Array, keys: readonly string[]): Promise<Answer[][]> => {
    const answers: Answer[][] = keys.map(() => []);
    const routes = keys.map(current.route);
    const collect = async (slot: Slot, indexes: readonly number[]): Promise<void> => {
      if (indexes.length === 0 || slot.model === undefined) return;
      const scores = await runSlot(slot, gather(rows, indexes, width), current.maxRows);
      const { name, shadow } = slot.variant;
      for (const [i, index] of indexes.entries())
        answers[index]?.push({ variant: name, digest: slot.model.digest, shadow, score: scores[i] ?? Number.NaN });
    };
    for (const [place, slot] of current.slots.entries())
      if (!slot.variant.shadow)
        await collect(
          slot,
          [...keys.keys()].filter((row) => routes[row] === place),
        );
    for (const slot of current.slots) if (slot.variant.shadow) await collect(slot, [...keys.keys()]);
    return answers;
  };

  const loadSlot = async (variant: Variant): Promise<Slot> => {
    const before = lineup.slots.find((slot) => slot.variant.name === variant.name);
    if (before?.model?.digest === variant.artifact.sha256.toLowerCase())
      return { variant, model: before.model, problem: undefined };
    try {
      return { variant, model: await loadModel(variant, options), problem: undefined };
    } catch (error) {
      if (!(error instanceof ModelRefusedError)) throw error;
      return { variant, model: before?.model, problem: error.message };
    }
  };
  const swap = async ({ variants, routing, batching }: ServingProgram): Promise<void> => {
    const slots: Slot[] = [];
    for (const variant of variants) slots.push(await loadSlot(variant));
    const serves = (index: number): boolean => slots[index]?.model !== undefined;
    const former = lineup;
    lineup = {
      slots,
      route: createRouter(variants, { salt: routing.salt, serves }),
      maxRows: batching.maxRows,
    };
    for (const { model } of former.slots) if (model !== undefined) retired.add(model);
    await sweep();
  };

  const update = (next: ServingProgram): Promise<void> => {
    const swapped = updating.then(() => swap(next));
    updating = swapped.catch(() => undefined);
    return swapped;
  };
  await update(program);
  return {
    score: (rows, keys) => using((current) => scoreAll(current, rows, keys)),
    scoreBy: (name, rows) =>
      using(async (current) => {
        const slot = current.slots.find(({ variant, model }) => variant.name === name && model !== undefined);
        return slot === undefined ? undefined : runSlot(slot, rows, current.maxRows);
      }),
    status: () => statusOf(lineup.slots),
    update,
    close: () => update({ ...program, variants: [] }),
  };
};

/** The rows of these places, without a copy where they are all. */
const gather = (rows: Float32Array, indexes: readonly number[], width: number): Float32Array => {
  if (indexes.length * width === rows.length) return rows;
  const gathered = new Float32Array(indexes.length * width);
  for (const [i, index] of indexes.entries())
    gathered.set(rows.subarray(index * width, (index + 1) * width), i * width);
  return gathered;
};

const statusOf = (slots: readonly Slot[]): readonly VariantStatus[] => {
  const sides = slots.map(({ variant }) => variant);
  const shares = effectiveShares(sides, (index) => slots[index]?.model !== undefined);
  return slots.map(({ variant: { name, shadow, share }, model, problem }, index) => ({
    name,
    shadow,
    share,
    effectiveShare: shares[index] ?? 0,
    digest: model?.digest,
    problem,
  }));
};
