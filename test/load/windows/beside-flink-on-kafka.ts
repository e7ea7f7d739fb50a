import { kafkaTables } from '@groundswell/flink';
import { createWindower, type Upsert } from '@groundswell/windowing';
import { createEventScanner, type SocialEvent, topicsOf } from '@groundswell/wire';
import { Redis } from 'ioredis';
import { startKafka } from '../../servers/kafka.ts';
import { startRedis } from '../../servers/redis.ts';
import type { Given } from './alone.ts';
import { readLines } from './events.ts';
import { timeFlink } from './flink.ts';
import { openLog } from './from-kafka.ts';
import { timeOurs } from './ours.ts';
import { type Pair, timePair } from './pair.ts';
import { besideFlink, queries } from './queries.ts';

const query = besideFlink.q2;
const { events: topic } = topicsOf(query.program.pipeline);
const fewTopic = `${topic}.few`;
const few = 2_000;

/** Writes the events of a file as ingest does, to a topic with one partition. */
const fill = async (
  brokers: readonly string[],
  path: string,
  counts: Readonly<Record<string, number>>,
): Promise<void> => {
  const log = await openLog(brokers);
  await log.createTopics(Object.keys(counts).map((name) => ({ name, partitions: 1 })));
  const producer = await log.producer();
  for (const [name, count] of Object.entries(counts)) {
    let records: { readonly value: Uint8Array }[] = [];
    const sends: Promise<void>[] = [];
    readLines(path, count, (value) => {
      if (records.push({ value: value.slice() }) < 1_000) return;
      sends.push(producer.send(name, records));
      records = [];
    });
    await Promise.all([...sends, producer.send(name, records)]);
  }
  await producer.close();
  await log.close();
};

/** What lies in the hashes has to be what a windower says of the file. @throws Error where it differs */
const compareHashes = async (redis: Redis, path: string, count: number): Promise<number> => {
  const windower = createWindower(queries.q2.options);
  const eventOf = createEventScanner(query.fields);
  const newest = new Map<string, Upsert>();
  const keep = (): void => {
    for (const upsert of windower.fire()) newest.set(upsert.key.join(), upsert);
  };
  let taken = 0;
  readLines(path, count, (value) => {
    windower.accept(0, eventOf({ value }) as SocialEvent);
    if (++taken % 1_000 === 0) keep();
  });
  keep();
  for (const [key, { values, end }] of newest) {
    const { events, [`@${query.program.window}`]: at } = await redis.hgetall(`post:${key}`);
    const isSame = values === null ? events === undefined : Number(events) === values[0] && Number(at) === end;
    if (!isSame)
      throw new Error(
        `Cannot time ${query.name}: "${key}" has ${events} at ${at} in Redis, ${values} at ${end} is right`,
      );
  }
  return newest.size;
};

/** Flink's SQL has no sink for Redis: its part ends with the results, which go nowhere. */
export const besideFlinkOnKafka = async ({ path, count, rounds }: Given, folder: string): Promise<readonly Pair[]> => {
  const [kafka, server] = [await startKafka(), await startRedis()];
  const redis = new Redis(`redis://${server.address}`);
  try {
    const { brokers } = kafka;
    await fill(brokers, path, { [fewTopic]: few, [topic]: count });
    const tables = kafkaTables({ brokers: brokers.join(), group: 'flink' });
    const sourceOf = (name: string) => ({ ...tables.source(name), 'scan.bounded.mode': 'latest-offset' });
    const flink = () => timeFlink(query, { few: sourceOf(fewTopic), all: sourceOf(topic), folder });
    const read = await timePair(rounds, {
      ours: () => timeOurs({ kind: 'topic', query: 'q2', brokers, events: count }),
      flink,
    });
    let hashes = 0;
    const whole = await timePair(1, {
      ours: async () => {
        const cost = await timeOurs({ kind: 'program', query: 'q2', brokers, redis: server.address, events: count });
        hashes = await compareHashes(redis, path, count);
        return cost;
      },
      flink: async () => read.flink,
    });
    console.log(`From Kafka to Redis, ${hashes} hashes are as they should be`);
    return [
      { name: 'Q2 from Kafka', what: query.what, ...read },
      { name: 'Kafka to Redis', what: `${query.what} (Flink: to nowhere)`, ...whole },
    ];
  } finally {
    redis.disconnect();
    await server.stop();
    await kafka.stop();
  }
};
