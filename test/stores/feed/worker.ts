import { startFeed } from '@groundswell/feed';
import { FeedProgram } from '@groundswell/graph';
import { createLogger, createMetrics, systemClock } from '@groundswell/process';
import { createMemoryCheckpoints, createMemoryLog, createMemoryStates } from '@groundswell/stores';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { encodeJson, type PostRecord } from '@groundswell/wire';

/**
 * A fan-out worker on a real Redis, to be killed. Its log is in memory and always read from the start, as if no offset had ever been committed:
 * what keeps posts from coming twice is in Redis alone.
 */
interface Order {
  readonly address: string;
  readonly program: unknown;
  readonly posts: readonly PostRecord[];
}

const work = async ({ address, program, posts }: Order): Promise<void> => {
  const logger = createLogger('worker', 'silent');
  const log = createMemoryLog({ clock: systemClock });
  const feed = FeedProgram.parse(program);
  await log.createTopics(['posts', 'jobs', 'dead-letters'].map((name) => ({ name, partitions: 3 })));
  const producer = await log.producer();
  for (const record of posts) {
    const key = record.kind === 'post' ? record.post.author_id : record.author_id;
    await producer.send('posts', [{ key, value: encodeJson(record) }]);
  }
  const running = await startFeed(feed, {
    ...{ log, keyValue: await createRedisKeyValue({ nodes: [address], logger }), logger, clock: systemClock },
    ...{ metrics: createMetrics(), checkpoints: createMemoryCheckpoints(), states: createMemoryStates() },
  });
  for (let i = 0; (await running.step({ maxWaitMs: 0 })) > 0; i++) {
    process.send?.('step');
    if (i % 5 === 4) await running.save();
  }
  await running.save();
};

process.on('disconnect', () => process.exit());
process.once('message', (order) => void work(order as Order).then(() => process.exit()));
