import { z } from 'zod';
import { retryPolicy } from '../../shared/connections.ts';
import { positiveDuration } from '../../shared/duration.ts';
import { live, recreate, rolling } from '../../shared/field.ts';
import { workload } from '../../shared/pods.ts';

/** Of each consumer group: it retries by itself and has an error topic of its own. */
export const consumer = () => ({
  deadLetters: rolling(retryPolicy().prefault({}), 'What happens to records that this group cannot use.'),
});

/** The group that saves posts. */
export const Saver = z.strictObject({
  ttl: live(positiveDuration().prefault('90d'), 'How long a post can be read.'),
  replicas: live(z.int().min(0).max(1000).default(1), 'Number of pods.'),
  ...consumer(),
  ...workload(),
});

/** The group that writes posts to the timelines of followers. Its pods are those that `replicas` of the feed counts. */
export const FanOut = z.strictObject({
  shards: recreate(z.int().min(1).max(4096).default(64), 'Parts that followers are split into; workers share them.'),
  page: live(
    z.int().min(1).max(10_000).default(500),
    'Followers that get a post in one step of the store, all or none of them. After a crash it goes on behind the last page.',
  ),
  batch: live(z.int().min(1).max(100_000).default(5000), 'Followers in one round trip: several pages, pipelined.'),
  maxPerAccount: live(
    z.int().min(1).max(4096).default(8),
    'Pages of one account in a round trip, each of another shard, while others wait.',
  ),
  ...consumer(),
});

export const Timeline = z.strictObject({
  length: live(z.int().min(1).max(100_000).default(800), 'Posts in it, the newest.'),
  ttl: live(
    positiveDuration().prefault('14d'),
    'A timeline that nobody read for so long goes; it is filled again on demand.',
  ),
  refillPosts: live(
    z.int().min(0).max(10_000).default(20),
    'Newest posts of each followed account that fill it again.',
  ),
});
