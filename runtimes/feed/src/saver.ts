import { type FeedProgram, groupOf, type SaverSettings } from '@groundswell/graph';
import { createOffsets, deadLetterOf, type KeyValueBatch, type Ports } from '@groundswell/stores';
import { feedKeysOf, type PostRecord } from '@groundswell/wire';
import type { Group } from './group.ts';
import { readPosts } from './records.ts';

/** Records of one step. */
const maxRecords = 2000;

/** Saves posts so that they can be read, and forgets those that were deleted. Writing one twice is writing it once. */
export const startSaver = async (program: FeedProgram, initial: SaverSettings, ports: Ports): Promise<Group> => {
  const { log, keyValue, clock, metrics } = ports;
  const keys = feedKeysOf(program.pipeline);
  let settings = initial;
  let saved = 0;
  const producer = await log.producer();
  const consumer = await log.consumer({ group: groupOf(program), topics: [program.posts.name], from: 'earliest' });
  const offsets = createOffsets();
  const latency = metrics.histogram(
    'feed_save_seconds',
    'From the acceptance of a post until it can be read',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    ['feed'],
  );

  const write = (batch: KeyValueBatch, record: PostRecord): void => {
    if (record.kind === 'post') {
      const key = keys.post(record.post.post_id);
      batch.hashSet(key, { body: JSON.stringify(record.post) });
      batch.expire(key, settings.ttlMs);
    } else {
      // It stays known as deleted, for a repeat of what came before.
      const key = keys.post(record.post_id);
      batch.hashSet(key, { deleted: String(record.at) });
      batch.hashDelete(key, ['body']);
      batch.expire(key, settings.ttlMs);
    }
  };
  return {
    step: async ({ maxWaitMs }) => {
      const batches = await consumer.poll({ maxRecords, maxWaitMs });
      if (batches.length === 0) return 0;
      const { records, poison } = readPosts(batches);
      if (poison.length > 0) {
        const letters = poison.map((each) => deadLetterOf(groupOf(program), each, clock.now()));
        await producer.send(program.deadLetters.name, letters);
      }
      const batch = keyValue.batch();
      for (const { record } of records) write(batch, record);
      await batch.run();
      const now = clock.now();
      for (const { record } of records)
        if (record.kind === 'post') latency.observe({ feed: program.feed }, Math.max(0, now - record.post.at) / 1000);
      saved += records.length;
      return offsets.take(batches);
    },
    save: async () => consumer.commit(offsets.positions(consumer.assignment())),
    stop: async () => {
      await consumer.close();
      await producer.close();
    },
    update: (work) => {
      if (work.kind === 'saver') settings = work;
    },
    health: () => ({ kind: 'ready' }),
    report: () => ({
      records: offsets.records(),
      watermark: undefined,
      eventTime: undefined,
      produced: { 'posts saved': saved },
    }),
  };
};
