import type { FeedView } from '@groundswell/graph';
import type { Values } from '@groundswell/process';
import type { Ports, Producer } from '@groundswell/stores';
import { createFeedRules } from './feed-rules.ts';
import { createFollows, type Follows } from './follows.ts';
import { createIdMaker } from './id-maker.ts';
import { createPosts, type Posts } from './posts.ts';
import { createRankings, type Rankings } from './rankings.ts';
import { createTimelines, type Timelines } from './timelines.ts';

/** Everything that requests about a Feed come to. */
export interface FeedDoor {
  readonly posts: Posts;
  readonly follows: Follows;
  readonly timelines: Timelines;
  readonly rankings: Rankings;
  /** Looks for what has changed outside. */
  look(): Promise<unknown>;
}

interface FeedDoorOptions extends Pick<Ports, 'keyValue' | 'clock' | 'logger'> {
  readonly pipeline: string;
  readonly producer: Producer;
  /** Where block lists are. */
  readonly values: Values;
  /** As it is now: all but topics and shards is live. */
  readonly view: () => FeedView;
}

/** @throws Error where a block list cannot be read */
export const createFeedDoor = async (options: FeedDoorOptions): Promise<FeedDoor> => {
  const { keyValue, clock, logger, pipeline, producer, view } = options;
  const now = () => clock.now();
  const ids = createIdMaker({ keyValue, pipeline, clock });
  const { shards, posts: topic, events } = view();
  const topics = { posts: topic.name, events: events.name };
  const rules = await createFeedRules(options);
  const posts = createPosts({ keyValue, producer, pipeline, topics, ids, now });
  const follows = createFollows({ keyValue, pipeline, shards, ids, now });
  const timelines = createTimelines({ keyValue, pipeline, view, posts, follows, ids, rules, logger, now });
  const rankings = createRankings({ keyValue, pipeline, ids, view, posts, follows, rules, now });
  return { posts, follows, timelines, rankings, look: rules.look };
};
