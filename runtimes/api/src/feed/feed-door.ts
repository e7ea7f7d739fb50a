import type { FeedView } from '@groundswell/graph';
import type { Ports, Producer } from '@groundswell/stores';
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
}

interface FeedDoorOptions extends Pick<Ports, 'keyValue' | 'clock' | 'logger'> {
  readonly pipeline: string;
  readonly producer: Producer;
  /** As it is now: all but topics and shards is live. */
  readonly view: () => FeedView;
}

export const createFeedDoor = ({ keyValue, clock, logger, pipeline, producer, view }: FeedDoorOptions): FeedDoor => {
  const now = () => clock.now();
  const ids = createIdMaker({ keyValue, pipeline, clock });
  const { shards, posts: topic, events } = view();
  const topics = { posts: topic.name, events: events.name };
  const posts = createPosts({ keyValue, producer, pipeline, topics, ids, now });
  const follows = createFollows({ keyValue, pipeline, shards, ids, now });
  const timelines = createTimelines({ keyValue, pipeline, view, posts, follows, ids, logger, now });
  const rankings = createRankings({ keyValue, view, posts, follows, now });
  return { posts, follows, timelines, rankings };
};
