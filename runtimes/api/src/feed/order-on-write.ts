import { accountScoresOf, keptScore, markOf, parseKept, type Ranked, rank, shardOf } from '@groundswell/feeds';
import type { FeedView } from '@groundswell/graph';
import type { KeyValue } from '@groundswell/stores';
import { feedKeysOf, RankerState } from '@groundswell/wire';
import type { IdMaker } from './id-maker.ts';
import type { OrderOnRead, Ranking } from './order-on-read.ts';

/** The order of a user's accounts as the ranker keeps it. Undefined while it is not up to date, or not by this ranking. */
export type OrderOnWrite = (user: string, ranking: Ranking) => Promise<readonly Ranked[] | undefined>;

interface OrderOnWriteOptions {
  readonly keyValue: KeyValue;
  readonly pipeline: string;
  readonly view: () => FeedView;
  readonly ids: IdMaker;
  readonly now: () => number;
  readonly onRead: OrderOnRead;
}

/** Who keeps rankings up to date is not asked more often, ms. */
const askEveryMs = 500;

/** Members that are written in one step of the store. */
const atOnce = 1_000;

export const createOrderOnWrite = (options: OrderOnWriteOptions): OrderOnWrite => {
  const { keyValue, pipeline, view, ids, now, onRead } = options;
  const keys = feedKeysOf(pipeline);
  let known: { readonly of: Ranking; readonly at: number; readonly runs: string | undefined } | undefined;

  /** Undefined where not all partitions are kept up to date by this formula. */
  const askRuns = async (ranking: Ranking): Promise<string | undefined> => {
    const batch = keyValue.batch();
    const fields = batch.hashGetAll(keys.ranker);
    await batch.run();
    const states = Object.values(fields.value()).map((text) => RankerState.parse(JSON.parse(text)));
    const { formula } = accountScoresOf(ranking);
    const isKept = states.length > 0 && states.every((state) => state.until > now() && state.formula === formula);
    if (!isKept || states.length !== states[0]?.partitions) return undefined;
    return states.map(({ run }) => run).join('.');
  };
  const runsOf = async (ranking: Ranking): Promise<string | undefined> => {
    if (known?.of === ranking && Math.abs(now() - known.at) < askEveryMs) return known.runs;
    const at = now();
    const runs = await askRuns(ranking);
    known = { of: ranking, at, runs };
    return runs;
  };
  /**
   * Makes the set first and reads scores then: what changes meanwhile is brought to the set, and newer there than what was
   * read. Where somebody else makes it anew at the same time, this one writes nothing more.
   */
  const fill = async (user: string, ranking: Ranking, runs: string): Promise<readonly Ranked[]> => {
    const key = keyOf(user);
    const mark = markOf(runs, await ids.next());
    const making = keyValue.batch();
    making.delete(key);
    making.sortedAdd(key, [{ member: mark, score: Number.NEGATIVE_INFINITY }]);
    making.expire(key, view().ttlMs);
    await making.run();
    const accounts = await onRead(user, ranking);
    const filling = keyValue.batch();
    for (let from = 0; from < accounts.length; from += atOnce)
      filling.sortedFill(
        key,
        mark,
        accounts.slice(from, from + atOnce).map(({ author, score }) => ({ member: author, score: keptScore(score) })),
      );
    if (accounts.length > 0) await filling.run();
    return rank(accounts, ranking.keep);
  };
  const keyOf = (user: string): string => keys.rankedPrefix(shardOf(user, view().shards)) + user;

  return async (user, ranking) => {
    const runs = await runsOf(ranking);
    if (runs === undefined) return undefined;
    const batch = keyValue.batch();
    const members = batch.sortedRange(keyOf(user), 0, ranking.keep);
    batch.expire(keyOf(user), view().ttlMs);
    await batch.run();
    return parseKept(members.value(), runs) ?? fill(user, ranking, runs);
  };
};
