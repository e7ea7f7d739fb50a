import { randomUUID } from 'node:crypto';
import { IngestProgram } from '@groundswell/graph';
import { startIngest } from '@groundswell/ingest';
import { createMetrics, systemClock } from '@groundswell/process';
import { createEmbeddedStores } from '@groundswell/stores';
import { createKafkaLog } from '@groundswell/stores/kafka';
import { eventOf } from '@groundswell/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressesOf, logger } from './servers.ts';

const topic = `shop-${randomUUID().slice(0, 8)}`;
const brokers = [...addressesOf('GROUNDSWELL_KAFKA')];
const program = IngestProgram.parse({
  kind: 'ingest',
  name: 'ingest-shop',
  pipeline: 'small',
  revision: 'r',
  source: {
    name: 'shop',
    reader: {
      kind: 'kafka',
      brokers,
      topic,
      group: `${topic}-readers`,
      startFrom: 'earliest',
      mapping: { type: "'click'", at: 'row.time', post_id: 'row.item', user_id: 'row.visitor', author_id: "''" },
      timeUnit: 'ms',
    },
  },
  output: { name: 'events' },
  keyBy: 'post_id',
  deadLetters: { name: 'dead' },
  dedupe: { spanMs: 3_600_000, maxIds: 1000 },
});

let theirs: Awaited<ReturnType<typeof createKafkaLog>>;
beforeAll(async () => {
  theirs = await createKafkaLog({ brokers, clientId: 'shop', logger });
  await theirs.createTopics([{ name: topic, partitions: 3 }]);
});
afterAll(() => theirs.close());

const send = async (from: number, to: number): Promise<void> => {
  const producer = await theirs.producer();
  const records = Array.from({ length: to - from }, (_, i) => ({
    key: String(from + i),
    value: Buffer.from(JSON.stringify({ time: Date.now(), item: 'i', visitor: `v${from + i}` })),
  }));
  await producer.send(topic, records);
  await producer.close();
};

test("a topic of another team's Kafka is read into ours, over a crash and with its group's offsets", async () => {
  const stores = await createEmbeddedStores({ clock: systemClock, logger });
  await stores.log.createTopics([
    { name: 'events', partitions: 1 },
    { name: 'dead', partitions: 1 },
  ]);
  const ports = { ...stores, clock: systemClock, metrics: createMetrics(), logger };
  const start = () => startIngest(program, ports, { directory: '.' });
  const stepTo = async (running: Awaited<ReturnType<typeof start>>, events: number) => {
    while ((running.report().ledger?.aggregated ?? 0) < events) await running.step({ maxWaitMs: 1000 });
  };
  await send(0, 200);
  const killed = await start();
  await stepTo(killed, 200);
  await killed.save();
  await send(200, 300);
  await stepTo(killed, 300);
  await killed.stop();
  const running = await start();
  await stepTo(running, 300);
  await running.save();
  expect((await theirs.lag(`${topic}-readers`, topic)).map(({ lag }) => lag)).toEqual([0n, 0n, 0n]);
  await running.stop();
  const consumer = await stores.log.consumer({ topics: ['events'], from: 'earliest' });
  const batches = await consumer.poll({ maxRecords: 10_000, maxWaitMs: 0 });
  const users = batches.flatMap(({ records }) => records.map((record) => eventOf(record)?.user_id));
  expect([...users].sort()).toEqual(Array.from({ length: 300 }, (_, n) => `v${n}`).sort());
  await stores.close();
});
