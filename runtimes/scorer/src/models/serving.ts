import type { ScorerProgram, Variant } from '@groundswell/graph';
import type { Limits } from './executor.ts';
import { type Answer, askAll, gather, type Lineup, type Slot } from './lineup.ts';
import { type LoadOptions, loadModel, type RunOptions } from './model.ts';
import { ModelRefusedError } from './refused.ts';
import { createRouter, effectiveShares } from './variants.ts';

export type { Answer, Slot } from './lineup.ts';

export interface VariantStatus {
  readonly name: string;
  readonly shadow: boolean;
  readonly share: number;
  /** With what it took over from variants that do not serve. */
  readonly effectiveShare: number;
  /** Of the model that serves, which after a failed change is still the one before. */
  readonly digest: string | undefined;
  /** What it made the process grow by, bytes. */
  readonly memory: number | undefined;
  /** Why the declared artifact does not serve. */
  readonly problem: string | undefined;
  /** Another try may succeed: what is declared could not be read. */
  readonly isTransient: boolean;
}

/** The part of a program that decides about models. All of it is live but threads and runs to warm up. */
export type ServingProgram = Pick<ScorerProgram, 'variants' | 'routing' | 'batching' | 'serving'>;

/**
 * The variants of a ScoringModel, loaded. Every door to the models (the stream now; gRPC and HTTP beside it) asks here, so
 * that all of them give a key the same variant and the same score.
 */
export interface Serving {
  /**
   * Scores each row by the variant of its key, and by all shadows; those that are compared are shadows of each other.
   *
   * @param rows  float32, row-major, `[keys.length, width]`; must not be written to before this resolves
   * @returns for each row its answers, that of its variant first; only shadows' where no variant serves
   */
  score(rows: Float32Array, keys: readonly string[]): Promise<readonly (readonly Answer[])[]>;
  /**
   * Scores rows for a request: by the variant of each key, no shadows.
   * @throws ProtocolError Unavailable where no variant serves; what the queue of a model says
   */
  ask(rows: Float32Array, keys: readonly string[], request: RunOptions): Promise<readonly Answer[]>;
  /** What answers for a key, or a variant by its name; to be used at once, before it may be replaced. */
  choose(by: { readonly variant?: string; readonly key?: string }): Slot | undefined;
  /** All variants, in their order. */
  slots(): readonly Slot[];
  /** Scores all rows by one variant; undefined where it does not serve. */
  scoreBy(variant: string, rows: Float32Array): Promise<Float32Array | undefined>;
  status(): readonly VariantStatus[];
  /** Loads what is new beside what serves, then swaps all at once. What cannot be loaded leaves its former model serving. */
  update(program: ServingProgram): Promise<void>;
  close(): Promise<void>;
}

export interface ServingOptions extends Omit<LoadOptions, 'limits' | 'threads' | 'warmUpRuns' | 'onRun'> {
  /** Threads of a run where the program says nothing. */
  readonly threads: number;
  /** Called for each run of ONNX Runtime. */
  readonly onRun: (run: { readonly variant: string; readonly rows: number; readonly seconds: number }) => void;
  /** Called where a run fails: its rows get no score, and everything else goes on. */
  readonly onFailure: (variant: string, error: unknown) => void;
}

export const createServing = async (program: ServingProgram, options: ServingOptions): Promise<Serving> => {
  const { width, onRun, onFailure } = options;
  let lineup: Lineup = { slots: [], route: () => undefined, maxRows: 1 };
  let updating: Promise<void> = Promise.resolve();

  /** Whatever is asked of a model is asked before this returns: from then on it may be closed, and ends what it has. */
  const runSlot = async ({ variant, model }: Slot, rows: Float32Array, maxRows: number): Promise<Float32Array> => {
    const scores = new Float32Array(rows.length / width).fill(Number.NaN);
    const parts: Promise<void>[] = [];
    for (let from = 0; model !== undefined && from < scores.length; from += maxRows) {
      const count = Math.min(maxRows, scores.length - from);
      const part = model.run(rows.subarray(from * width, (from + count) * width), count);
      parts.push(
        part.then(
          (of) => scores.set(of, from),
          (error: unknown) => onFailure(variant.name, error),
        ),
      );
    }
    await Promise.all(parts);
    return scores;
  };

  const scoreAll = async (
    { slots, route, maxRows }: Lineup,
    rows: Float32Array,
    keys: readonly string[],
  ): Promise<Answer[][]> => {
    const answers: Answer[][] = keys.map(() => []);
    const routes = keys.map(route);
    const all = [...keys.keys()];
    const asked = [...slots.entries()].flatMap(([place, slot]) => {
      const { shadow, compared } = slot.variant;
      const isAnswered = (row: number): boolean => !shadow && routes[row] === place;
      const others = shadow || compared === true ? all.filter((row) => !isAnswered(row)) : [];
      return [
        { slot, asShadow: false, indexes: all.filter(isAnswered) },
        { slot, asShadow: true, indexes: others },
      ].flatMap((part) =>
        part.indexes.length === 0 || slot.model === undefined
          ? []
          : [{ ...part, scores: runSlot(slot, gather(rows, part.indexes, width), maxRows) }],
      );
    });
    // That of the variant first, then those of the shadows.
    for (const shadow of [false, true])
      for (const { slot, indexes, scores, asShadow } of asked) {
        if (asShadow !== shadow) continue;
        const of = await scores;
        const [variant, digest] = [slot.variant.name, slot.model?.digest ?? ''];
        for (const [i, index] of indexes.entries())
          answers[index]?.push({ variant, digest, shadow, score: of[i] ?? Number.NaN });
      }
    return answers;
  };

  const loadSlot = async (variant: Variant, { batching, serving }: ServingProgram): Promise<Slot> => {
    const before = lineup.slots.find((slot) => slot.variant.name === variant.name);
    const isSame =
      before?.model?.digest === variant.artifact.sha256.toLowerCase() && readsAlike(before.variant, variant);
    if (isSame) return { variant, model: before.model, problem: undefined };
    try {
      const model = await loadModel(variant, {
        ...options,
        limits: limitsOf({ batching, serving }),
        threads: serving.threads ?? options.threads,
        warmUpRuns: serving.warmUpRuns,
        onRun: (run) => onRun({ variant: variant.name, ...run }),
      });
      return { variant, model, problem: undefined };
    } catch (error) {
      if (!(error instanceof ModelRefusedError)) throw error;
      return { variant, model: before?.model, problem: error.message, isTransient: error.isTransient };
    }
  };
  const swap = async (next: ServingProgram): Promise<void> => {
    const { variants, routing, batching } = next;
    const slots: Slot[] = [];
    for (const variant of variants) slots.push(await loadSlot(variant, next));
    const serves = (index: number): boolean => slots[index]?.model !== undefined;
    const former = lineup;
    lineup = {
      slots,
      route: createRouter(variants, { salt: routing.salt, serves }),
      maxRows: batching.maxRows,
    };
    for (const { model } of slots) model?.executor.setLimits(limitsOf(next));
    const kept = new Set(slots.map(({ model }) => model));
    await Promise.all(former.slots.map(({ model }) => (kept.has(model) ? undefined : model?.close())));
  };

  const update = (next: ServingProgram): Promise<void> => {
    const swapped = updating.then(() => swap(next));
    updating = swapped.catch(() => undefined);
    return swapped;
  };
  await update(program);
  return {
    score: (rows, keys) => scoreAll(lineup, rows, keys),
    ask: (rows, keys, request) => askAll(lineup, rows, { keys, request, width }),
    scoreBy: async (name, rows) => {
      const slot = lineup.slots.find(({ variant, model }) => variant.name === name && model !== undefined);
      return slot === undefined ? undefined : runSlot(slot, rows, lineup.maxRows);
    },
    choose: ({ variant, key }) => {
      const { slots, route } = lineup;
      if (variant !== undefined) return slots.find((slot) => slot.variant.name === variant);
      if (key !== undefined) return slots[route(key) ?? -1];
      return slots.find((slot) => !slot.variant.shadow && slot.model !== undefined);
    },
    slots: () => lineup.slots,
    status: () => statusOf(lineup.slots),
    update,
    close: () => update({ ...program, variants: [] }),
  };
};

const limitsOf = ({ batching, serving }: Pick<ServingProgram, 'batching' | 'serving'>): Limits => ({
  maxRows: batching.maxRows,
  maxWaitMs: batching.maxWaitMs,
  maxQueue: serving.maxQueue,
});

/** Whether both find the score at the same place of the file. */
const readsAlike = (a: Variant, b: Variant): boolean =>
  a.output === b.output &&
  a.positiveClass === b.positiveClass &&
  a.artifact.explainer?.sha256 === b.artifact.explainer?.sha256;

const statusOf = (slots: readonly Slot[]): readonly VariantStatus[] => {
  const sides = slots.map(({ variant }) => variant);
  const shares = effectiveShares(sides, (index) => slots[index]?.model !== undefined);
  return slots.map(({ variant: { name, shadow, share }, model, problem, isTransient = false }, index) => ({
    name,
    shadow,
    share,
    effectiveShare: shares[index] ?? 0,
    digest: model?.digest,
    memory: model?.executor.session.memory,
    problem,
    isTransient,
  }));
};
