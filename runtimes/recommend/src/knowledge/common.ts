import type { RecommendProgram } from '@groundswell/graph';
import type { Tried } from '@groundswell/recommending';
import type { KeyValue } from '@groundswell/stores';
import { keysOf, recommendKeysOf } from '@groundswell/wire';

/** What is the same for all users. */
export interface Common {
  /** By name of the candidate source, best first. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** New items, newest first, with how they did. */
  readonly fresh: readonly Tried[];
}

export interface CommonReader {
  /** As it was a moment ago, at most `keptMs`. */
  read(): Promise<Common>;
  /** As it was read last, however long ago; undefined before the first time. */
  last(): Common | undefined;
}

export interface CommonOptions {
  readonly keyValue: KeyValue;
  readonly program: () => RecommendProgram;
  /** Event time, ms. */
  readonly now: () => number;
  /** Wall time, ms. */
  readonly wall: () => number;
}

/** Requests of so long share what they read, wall time in ms. */
const keptMs = 200;

export const createCommonReader = ({ keyValue, program, now, wall }: CommonOptions): CommonReader => {
  let kept: { readonly of: RecommendProgram; readonly readAt: number; readonly common: Promise<Common> } | undefined;
  let last: Common | undefined;

  const fetch = async (current: RecommendProgram): Promise<Common> => {
    const { pipeline, recommender, candidates, coldStart } = current;
    const keys = recommendKeysOf(pipeline, recommender);
    const first = keyValue.batch();
    const ranges = candidates.flatMap(({ name, limit, source }) => {
      if (source.kind !== 'hot' && source.kind !== 'predicted') return [];
      const key = source.kind === 'hot' ? source.key : keysOf(pipeline).top(source.model);
      return [{ name, reply: first.sortedRange(key, 0, limit - 1, { reverse: true }) }];
    });
    const { limit, maxAgeMs } = explorationOf(current);
    const newest = first.sortedRange(keys.fresh, 0, limit - 1, { reverse: true });
    await first.run();
    const since = now() - maxAgeMs;
    const ids = newest.value().flatMap(({ member, score }) => (score >= since ? [member] : []));
    const second = keyValue.batch();
    const counted = ids.map((id) => ({
      id,
      impressions: second.counterGet(keys.impressions(id)),
      successes: second.counterGet(keys.successes(id)),
    }));
    if (counted.length > 0) await second.run();
    const fresh = counted.map(({ id, impressions, successes }) => ({
      ...{ id, impressions: impressions.value() ?? 0, successes: successes.value() ?? 0 },
    }));
    const lists = ranges.map(({ name, reply }) => [name, reply.value().map(({ member }) => member)] as const);
    return {
      lists: new Map(lists),
      fresh: fresh.filter(({ impressions }) => impressions < coldStart.items.until),
    };
  };
  return {
    read: () => {
      const current = program();
      // The clock may be set back.
      if (kept?.of === current && Math.abs(wall() - kept.readAt) < keptMs) return kept.common;
      const common = fetch(current);
      const entry = { of: current, readAt: wall(), common };
      kept = entry;
      common.then(
        (read) => {
          last = read;
        },
        () => {
          // What failed is not kept.
          if (kept === entry) kept = undefined;
        },
      );
      return common;
    },
    last: () => last,
  };
};

/** New items are tried also where no source names them, for their share of impressions. */
const explorationOf = ({ candidates }: RecommendProgram): { readonly limit: number; readonly maxAgeMs: number } => {
  for (const { limit, source } of candidates)
    if (source.kind === 'exploration') return { limit, maxAgeMs: source.maxAgeMs };
  return { limit: 50, maxAgeMs: 86_400_000 };
};
