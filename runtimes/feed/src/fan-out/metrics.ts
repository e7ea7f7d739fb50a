import { type Clock, createRecentLatencies, type FanOutReport, type Metrics } from '@groundswell/process';
import type { Delivered } from './deliver.ts';
import type { InFlight } from './jobs.ts';

export interface FanOutMetrics {
  delivered(delivered: Delivered): void;
  /** Of the last minute or two, 99th percentile, ms; undefined where nothing was delivered. */
  p99Ms(): number | undefined;
  progress(): FanOutReport;
  /** Since the start. */
  produced(): Readonly<Record<string, number>>;
}

interface Observed {
  readonly feed: string;
  readonly clock: Clock;
  /** Jobs that have followers left. */
  readonly open: () => number;
  readonly inFlight: () => InFlight;
}

const tellEveryMs = 1_000;

const recentMs = 60_000;

/** Over about so long the pace is taken, ms. */
const paceMs = 10_000;

export const createFanOutMetrics = (metrics: Metrics, { feed, clock, open, inFlight }: Observed): FanOutMetrics => {
  const now = () => clock.now();
  const labels = ['feed'] as const;
  const latency = metrics.histogram(
    'feed_delivery_seconds',
    'From the acceptance of a post until the last follower of a shard has it',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    labels,
  );
  const deliveries = metrics.counter('feed_deliveries_total', 'Followers that were brought a post', labels);
  const posts = metrics.gauge('feed_posts_in_flight', 'Posts that have not reached all followers yet', labels);
  const left = metrics.gauge('feed_followers_left', 'Followers of posts in flight that do not have them yet', labels);
  const expected = metrics.gauge('feed_expected_seconds', 'Until posts in flight are everywhere, at this pace', labels);
  const latencies = createRecentLatencies(clock, recentMs);
  let [total, ended, pace, at, toldAt] = [0, 0, 0, now(), 0];

  /** Followers per ms, of late. */
  const updatePace = (followers: number): void => {
    const passed = Math.max(1, now() - at);
    at = now();
    const weight = Math.min(1, passed / paceMs);
    pace = pace === 0 ? followers / passed : pace * (1 - weight) + (followers / passed) * weight;
  };
  return {
    delivered: ({ followers, ended: jobs }) => {
      total += followers;
      ended += jobs.length;
      deliveries.inc({ feed }, followers);
      for (const job of jobs) {
        const tookMs = Math.max(0, now() - job.at);
        latency.observe({ feed }, tookMs / 1000);
        latencies.note(tookMs);
      }
      updatePace(followers);
      // It looks at all jobs.
      if (now() - toldAt < tellEveryMs && open() > 100) return;
      toldAt = now();
      const flying = inFlight();
      posts.set({ feed }, flying.posts);
      left.set({ feed }, flying.left);
      expected.set({ feed }, pace === 0 ? 0 : flying.left / pace / 1000);
    },
    p99Ms: () => latencies.recent().quantile(0.99),
    progress: () => {
      const { posts: postsInFlight, done: followersDone, left: followersLeft } = inFlight();
      const isKnown = followersLeft > 0 && pace > 0;
      return {
        ...{ postsInFlight, followersDone, followersLeft },
        ...(isKnown && { expectedMs: Math.round(followersLeft / pace) }),
      };
    },
    produced: () => ({ deliveries: total, 'shards reached': ended }),
  };
};
