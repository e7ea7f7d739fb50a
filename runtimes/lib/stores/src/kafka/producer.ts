import kafkajs, { type ICustomPartitioner, type Kafka, type Message } from 'kafkajs';
import type { OutRecord, Producer } from '../log.ts';
import { partitionOf } from '../partitioner.ts';
import { kafkaErrorType } from './client.ts';
import { sizeOf, toMessage } from './records.ts';
import type { Topics } from './topics.ts';

/** A broker takes 1 MB in one batch of a partition, unless it is set up otherwise. */
const requestBytes = 900_000;
/** kafkajs sorts a request's records into partitions in quadratic time; from here on that is felt. */
const requestRecords = 1000;

interface Send {
  readonly topic: string;
  readonly records: readonly OutRecord[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A part of a send that fits into one request. */
interface Part {
  readonly send: Send;
  readonly messages: readonly Message[];
  readonly bytes: number;
  readonly isLast: boolean;
}

const partsOf = (send: Send): Part[] => {
  const parts: Part[] = [];
  let messages: Message[] = [];
  let bytes = 0;
  const close = (isLast: boolean): void => {
    parts.push({ send, messages, bytes, isLast });
    messages = [];
    bytes = 0;
  };
  for (const record of send.records) {
    const message = toMessage(record);
    const size = sizeOf(message);
    if (messages.length > 0 && (bytes + size > requestBytes || messages.length === requestRecords)) close(false);
    messages.push(message);
    bytes += size;
  }
  close(true);
  return parts;
};

/** The parts at the front that fit into one request together. */
const takeRequest = (waiting: Part[]): Part[] => {
  let [bytes, records, count] = [0, 0, 0];
  for (const part of waiting) {
    bytes += part.bytes;
    records += part.messages.length;
    if (count > 0 && (bytes > requestBytes || records > requestRecords)) break;
    count++;
  }
  return waiting.splice(0, count);
};

/** Our hash in place of kafkajs', which gives the same partitions and is slow. */
const createPartitioner = (): ReturnType<ICustomPartitioner> => {
  const turns = new Map<string, number>();
  return ({ topic, partitionMetadata, message }) => {
    if (message.partition !== undefined) return message.partition;
    const count = partitionMetadata.length;
    if (typeof message.key === 'string') return partitionOf(message.key, count);
    const turn = turns.get(topic) ?? 0;
    turns.set(topic, turn + 1);
    return turn % count;
  };
};

const explain = (topic: string, cause: unknown): Error => {
  const type = kafkaErrorType(cause);
  if (type === 'INVALID_RECORD') {
    return new Error(`Cannot send to topic "${topic}": it is compacted, and every record needs a key`, { cause });
  }
  if (type === 'MESSAGE_TOO_LARGE') {
    return new Error(`Cannot send to topic "${topic}": a record is larger than the broker's message.max.bytes`, {
      cause,
    });
  }
  return new Error(`Cannot send to topic "${topic}": ${(cause as Error).message}`, { cause });
};

/**
 * Sends one request at a time, and everything that was asked for meanwhile with the next one: that keeps the order,
 * also over retries, and makes large requests of many small sends.
 */
export const createKafkaProducer = async (kafka: Kafka, topics: Topics): Promise<Producer> => {
  const client = kafka.producer({ createPartitioner, idempotent: true, allowAutoTopicCreation: false });
  await client.connect();
  const sends: Send[] = [];
  const parts: Part[] = [];
  let running: Promise<void> | undefined;

  const checkPartitions = async ({ topic, records }: Send): Promise<void> => {
    let count = await topics.partitionsOf(topic);
    for (const { partition } of records) {
      if (partition === undefined || partition < count) continue;
      count = await topics.partitionsOf(topic, { refresh: true });
      if (partition < count) continue;
      throw new RangeError(`Cannot send to partition ${partition} of "${topic}": it has partitions 0 to ${count - 1}`);
    }
  };
  const prepare = async (send: Send): Promise<void> => {
    try {
      await checkPartitions(send);
      parts.push(...partsOf(send));
    } catch (error) {
      send.reject(error);
    }
  };
  const sendRequest = async (request: readonly Part[]): Promise<void> => {
    const topicMessages = request.map(({ send, messages }) => ({ topic: send.topic, messages: [...messages] }));
    try {
      await client.sendBatch({ acks: -1, compression: kafkajs.CompressionTypes.ZSTD, topicMessages });
      for (const { isLast, send } of request) if (isLast) send.resolve();
    } catch (cause) {
      const failed = new Set(request.map(({ send }) => send));
      for (const send of failed) send.reject(explain(send.topic, cause));
      parts.splice(0, parts.length, ...parts.filter(({ send }) => !failed.has(send)));
    }
  };
  const run = async (): Promise<void> => {
    while (sends.length > 0 || parts.length > 0) {
      for (const send of sends.splice(0)) await prepare(send);
      if (parts.length > 0) await sendRequest(takeRequest(parts));
    }
    running = undefined;
  };

  return {
    send: (topic, records) =>
      new Promise((resolve, reject) => {
        if (records.length === 0) return resolve();
        sends.push({ topic, records, resolve, reject });
        running ??= run();
      }),
    close: async () => {
      await running;
      await client.disconnect();
    },
  };
};
