import { startFeed } from '@groundswell/feed';
import { FeedProgram } from '@groundswell/graph';
import { createLogger, createMetrics, systemClock } from '@groundswell/process';
import { createMemoryCheckpoints, createMemoryLog, createMemoryStates } from '@groundswell/stores';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { encodeJson } from '@groundswell/wire';
import { author, pipeline, shards } from './world.ts';

const program = FeedProgram.parse({
  ...{ kind: 'feed', name: 'feed-bench', pipeline, revision: '', feed: 'bench' },
  posts: { name: 'posts' },
  deadLetters: { name: 'dead-letters' },
  work: {
    ...{ kind: 'fanOut', jobs: { name: 'jobs' }, mode: 'FanOutOnWrite', maxFollowers: 0, shards },
    ...{ page: 500, batch: 5000, maxPerAccount: 8, length: 800 },
  },
});

/** The program as it runs in a pod, on a real Redis; the log is in memory, so that only fan-out is measured. */
export const startOurs = async (address: string) => {
  const logger = createLogger('bench', 'silent');
  const log = createMemoryLog({ clock: systemClock });
  await log.createTopics(['posts', 'jobs', 'dead-letters'].map((name) => ({ name, partitions: 12 })));
  const keyValue = await createRedisKeyValue({ nodes: [address], logger });
  const producer = await log.producer();
  const running = await startFeed(program, {
    ...{ log, keyValue, logger, clock: systemClock, metrics: createMetrics() },
    ...{ checkpoints: createMemoryCheckpoints(), states: createMemoryStates() },
  });
  return {
    /** Resolves when every follower has it. */
    post: async (post_id: string): Promise<void> => {
      const record = { kind: 'post', post: { post_id, author_id: author, text: '', at: systemClock.now() } };
      await producer.send('posts', [{ key: author, value: encodeJson(record) }]);
      while ((await running.step({ maxWaitMs: 0 })) > 0);
    },
    save: () => running.save(),
    stop: async () => {
      await running.stop();
      await keyValue.close();
    },
  };
};
