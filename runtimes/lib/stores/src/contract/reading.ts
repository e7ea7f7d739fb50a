import { randomUUID } from 'node:crypto';
import type { Batch, Consumer, ConsumerOptions, Log, LogRecord, OutRecord, TopicSpec } from '../log.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const bytes = (text: string): Uint8Array => encoder.encode(text);
export const text = (value: Uint8Array | null): string | null => (value === null ? null : decoder.decode(value));

/** Not used before, also on a server that other runs have used. */
export const freshName = (what: string): string => `${what}-${randomUUID().slice(0, 8)}`;

export const makeTopic = async (log: Log, spec: Partial<TopicSpec> = {}): Promise<string> => {
  const name = freshName('topic');
  await log.createTopics([{ partitions: 1, ...spec, name }]);
  return name;
};

export const numbered = (count: number, from = 0): OutRecord[] =>
  Array.from({ length: count }, (_, i) => ({ key: `key-${(from + i) % 17}`, value: bytes(String(from + i)) }));

export const send = async (log: Log, topic: string, records: readonly OutRecord[]): Promise<void> => {
  const producer = await log.producer();
  try {
    await producer.send(topic, records);
  } finally {
    await producer.close();
  }
};

/** A server needs a while for a group to gather; an adapter in memory answers the first poll. */
const patience = 120;
export const briefly = { maxRecords: 1000, maxWaitMs: 250 };

/** Polls until `isDone`. @throws Error when nothing that satisfies it comes within half a minute */
export const pollUntil = async (
  consumer: Consumer,
  isDone: (batches: readonly Batch[]) => boolean,
): Promise<Batch[]> => {
  const taken: Batch[] = [];
  for (let i = 0; i < patience; i++) {
    taken.push(...(await consumer.poll(briefly)));
    if (isDone(taken)) return taken;
  }
  const got = taken.map(({ partition, records }) => `${records.length} of partition ${partition}`).join(', ');
  throw new Error(`Cannot read what was expected: got ${got || 'nothing'}`);
};

export const recordsOf = (batches: readonly Batch[]): LogRecord[] => batches.flatMap(({ records }) => records);
export const textsOf = (batches: readonly Batch[]): (string | null)[] =>
  recordsOf(batches).map(({ value }) => text(value));

export const take = async (consumer: Consumer, count: number): Promise<Batch[]> =>
  pollUntil(consumer, (batches) => recordsOf(batches).length >= count);

export const untilAssigned = async (consumer: Consumer, partitions: number): Promise<Batch[]> =>
  pollUntil(consumer, () => consumer.assignment().length === partitions);

export const consume = (log: Log, topic: string, options: Partial<ConsumerOptions> = {}): Promise<Consumer> =>
  log.consumer({ topics: [topic], from: 'earliest', ...options });

/** Everything that is in the topic now, by partition. */
export const readAll = async (log: Log, topic: string): Promise<Map<number, LogRecord[]>> => {
  const bounds = await log.bounds(topic);
  const parts = new Map<number, LogRecord[]>(bounds.map(({ partition }) => [partition, []]));
  const isAtEnd = (): boolean =>
    bounds.every(({ partition, start, end }) => start === end || parts.get(partition)?.at(-1)?.offset === end - 1n);
  const consumer = await consume(log, topic);
  for (let i = 0; i < patience && !isAtEnd(); i++) {
    for (const batch of await consumer.poll(briefly)) parts.get(batch.partition)?.push(...batch.records);
  }
  await consumer.close();
  return parts;
};

/** Uses a consumer and closes it whatever happens. */
export const using = async <T>(making: Promise<Consumer>, use: (consumer: Consumer) => Promise<T>): Promise<T> => {
  const consumer = await making;
  try {
    return await use(consumer);
  } finally {
    await consumer.close();
  }
};
