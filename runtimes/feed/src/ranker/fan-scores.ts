import { type AccountScores, keptScore } from '@groundswell/feeds';
import type { KeyValue } from '@groundswell/stores';
import { feedKeysOf } from '@groundswell/wire';

/** An account whose values have changed. */
export interface Changed {
  readonly author: string;
  /** Of the window's results: who has it may write. */
  readonly partition: number;
}

interface FanScoresOptions {
  readonly pipeline: string;
  readonly keyValue: KeyValue;
  /** What the guard of a partition has to say. */
  readonly runOf: (partition: number) => string;
}

/** An account on its way to its followers in one shard. */
interface Way extends Changed {
  readonly shard: number;
  readonly score: number | undefined;
  from: string | undefined;
}

/** Followers of a page. */
const page = 500;
/** Pages in one round trip. */
const pagesAtOnce = 100;

export const guardField = (partition: number): string => `p${partition}`;

/**
 * Brings the scores of accounts, as they are now, into the rankings of their followers. What was read before somebody else took
 * a partition over is refused behind it.
 *
 * @returns partitions that somebody else has
 */
export const createFanScores = ({ pipeline, keyValue, runOf }: FanScoresOptions) => {
  const keys = feedKeysOf(pipeline);

  const waysOf = async (changed: readonly Changed[], scores: AccountScores): Promise<Way[]> => {
    const batch = keyValue.batch();
    const asked = changed.map(({ author }) => ({
      values: batch.hashGet(scores.hashOf(author), scores.fields),
      audience: batch.hashGetAll(keys.audience(author)),
    }));
    await batch.run();
    return changed.flatMap((one, i) => {
      const score = scores.scoreOf(asked[i]?.values.value() ?? []);
      const shards = Object.keys(asked[i]?.audience.value() ?? {});
      return shards.map((shard) => ({ ...one, shard: Number(shard), score, from: undefined }));
    });
  };
  return async (changed: readonly Changed[], scores: AccountScores): Promise<ReadonlySet<number>> => {
    const lost = new Set<number>();
    let open = await waysOf(changed, scores);
    while (open.length > 0) {
      const now = open.slice(0, pagesAtOnce);
      const batch = keyValue.batch();
      const replies = now.map(({ author, partition, shard, score, from }) =>
        batch.sortedFan({
          ...{ key: keys.rankerShard(shard), guard: { field: guardField(partition), value: runOf(partition) } },
          ...{ members: keys.followers(shard, author), from, count: page, setPrefix: keys.rankedPrefix(shard) },
          ...{ member: author, score: score === undefined ? undefined : keptScore(score) },
        }),
      );
      await batch.run();
      const going = now.filter((way, i) => {
        const reply = replies[i]?.value();
        if (reply === undefined) lost.add(way.partition);
        else way.from = reply.cursor;
        return reply !== undefined && reply.cursor !== '';
      });
      open = [...going, ...open.slice(pagesAtOnce)].filter(({ partition }) => !lost.has(partition));
    }
    return lost;
  };
};
