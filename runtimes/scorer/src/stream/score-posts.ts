import type { FeatureSet } from '@groundswell/features';
import type { ScorerProgram } from '@groundswell/graph';
import type { KeyValue } from '@groundswell/stores';
import { keysOf } from '@groundswell/wire';
import type { Answer, Serving } from '../models/serving.ts';
import type { Means } from './explain.ts';
import type { ScoreEffect } from './schedule.ts';

/** A post that was scored at a moment. */
export interface Scored {
  readonly effect: ScoreEffect;
  readonly vector: Float32Array;
  /** The answer of its variant, unless none serves. */
  readonly answer: Answer | undefined;
  readonly shadows: readonly Answer[];
}

export interface ScorePostsOptions {
  readonly pipeline: string;
  readonly routing: ScorerProgram['routing']['key'];
  readonly set: FeatureSet;
  readonly means: Means;
  readonly serving: Serving;
  readonly keyValue: KeyValue;
}

/** Reads what the posts need of the store in one go, puts the vectors together and runs the models. Keeps the order. */
export const createScorePosts = (options: ScorePostsOptions) => {
  const { routing, set, means, serving, keyValue } = options;
  const watermarksKey = keysOf(options.pipeline).watermarks;

  const readMoments = async (effects: readonly ScoreEffect[]) => {
    const batch = keyValue.batch();
    const watermarks = set.windows.length === 0 ? undefined : batch.hashGet(watermarksKey, set.windows);
    const moments = effects.map(({ post: { event } }) => {
      const reads = set.reads(event);
      return { reads, replies: reads.map(({ hash, fields }) => batch.hashGet(hash, fields)) };
    });
    await batch.run();
    return { moments, watermarks: watermarksOf(set.windows, watermarks?.value() ?? []) };
  };

  return async (effects: readonly ScoreEffect[]): Promise<readonly Scored[]> => {
    const { moments, watermarks } = await readMoments(effects);
    const rows = new Float32Array(effects.length * set.width);
    const vectors = effects.map(({ post: { event }, at }, i) => {
      const { reads = [], replies = [] } = moments[i] ?? {};
      const values = replies.map((reply) => reply.value());
      set.vector(rows, i * set.width, { event, at, age: at - event.at, reads, values, watermarks });
      const vector = rows.subarray(i * set.width, (i + 1) * set.width);
      means.note(vector);
      return vector;
    });
    const answers = await serving.score(
      rows,
      effects.map(({ post }) => post.event[routing]),
    );
    return effects.map((effect, i): Scored => {
      const all = answers[i] ?? [];
      return {
        effect,
        vector: vectors[i] ?? set.missing,
        answer: all.find(({ shadow }) => !shadow),
        shadows: all.filter(({ shadow }) => shadow),
      };
    });
  };
};

/** A window that has not said how far it is has none. */
const watermarksOf = (
  windows: readonly string[],
  texts: readonly (string | undefined)[],
): ReadonlyMap<string, number> =>
  new Map(
    windows.flatMap((window, i): [string, number][] => {
      const text = texts[i];
      return text === undefined || text === '' ? [] : [[window, Number(text)]];
    }),
  );
