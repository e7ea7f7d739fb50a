import type { SocialEvent } from '@groundswell/wire';
import { createRandom, seedOf } from '../../runtimes/ingest/src/readers/generator/random.ts';

/** Of the events topic. */
export const partitions = 4;
/** Events are earlier than the newest of their partition by less than this, ms. */
export const disorderMs = 5_000;
const [postsOfPartition, users] = [50, 300];
const startAt = Date.UTC(2026, 0, 1);
/** Event time of all of it, ms, however many events that are. */
const spanMs = 3_600_000;
const types = ['view', 'like', 'repost'] as const;

/** Events of each partition by their offsets: the same for the same seed, in any order that they are asked for. */
export interface Input {
  readonly perPartition: number;
  eventAt(partition: number, offset: number): SocialEvent;
}

export const createInput = (seed: number, count: number): Input => {
  const perPartition = Math.floor(count / partitions);
  return {
    perPartition,
    eventAt: (partition, offset) => {
      const random = createRandom(seedOf(seed, partition, offset));
      const at = startAt + Math.floor((offset * spanMs) / perPartition) - random.below(disorderMs);
      return {
        id: `${partition}-${offset}`,
        type: random.pick(types),
        at,
        ingested_at: at,
        source: 'kill',
        post_id: `p${partition}-${random.below(postsOfPartition)}`,
        user_id: `u${random.below(users)}`,
        author_id: 'a',
        user: { followers: random.below(10_000) },
      };
    },
  };
};
