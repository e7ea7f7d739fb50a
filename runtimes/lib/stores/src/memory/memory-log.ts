import { type Clock, systemClock } from '@groundswell/process';
import type { LogChange, OnChange } from '../change.ts';
import type { Log, LogRecord, OutRecord, Position, TopicSpec } from '../log.ts';
import { partitionOf } from '../partitioner.ts';
import { createMemoryConsumer, idOf, type MemoryConsumer } from './consumer.ts';
import { createGroup, type Group } from './group.ts';
import { createMemoryPartition, type MemoryPartition } from './partition.ts';

interface Topic {
  readonly spec: TopicSpec;
  readonly partitions: readonly MemoryPartition[];
  /** Partition of the next record without a key. */
  turn: number;
  /** Wall time of the next look at the retention. */
  expireAt: number;
}

export interface MemoryLogOptions {
  /** Retention and missing timestamps go by it. */
  readonly clock?: Clock;
  readonly onChange?: OnChange<LogChange>;
  /**
   * Records go as soon as every open consumer of their topic has read them, whatever was committed; where there is no
   * consumer, by the retention alone. For a run whose readers are all there from the beginning and stay. A record that
   * lives longer than the few milliseconds between writer and readers costs the garbage collector as much as a window does.
   */
  readonly dropsRead?: boolean;
}

/** A log whose content can be told as changes, and rebuilt from them. */
export interface MemoryLog extends Log {
  restore(change: LogChange): void;
  snapshot(): Iterable<LogChange>;
}

const refuseCompactedWithoutKey = (topic: string): never => {
  throw new Error(`Cannot send to topic "${topic}": it is compacted, and every record needs a key`);
};

const chosenPartition = (topic: Topic, record: OutRecord): number => {
  const count = topic.partitions.length;
  if (record.key === undefined && topic.spec.compacted === true) refuseCompactedWithoutKey(topic.spec.name);
  if (record.partition === undefined) {
    return record.key === undefined ? topic.turn++ % count : partitionOf(record.key, count);
  }
  if (topic.partitions[record.partition] !== undefined) return record.partition;
  throw new RangeError(
    `Cannot send to partition ${record.partition} of "${topic.spec.name}": it has partitions 0 to ${count - 1}`,
  );
};

const byPartition = (records: readonly { partition: number; record: LogRecord }[]): Map<number, LogRecord[]> => {
  const parts = new Map<number, LogRecord[]>();
  for (const { partition, record } of records) {
    const part = parts.get(partition);
    if (part === undefined) parts.set(partition, [record]);
    else part.push(record);
  }
  return parts;
};

/** A log in the memory of this process. Consumers are handed the very objects that were sent. */
export const createMemoryLog = ({
  clock = systemClock,
  onChange,
  dropsRead = false,
}: MemoryLogOptions = {}): MemoryLog => {
  const topics = new Map<string, Topic>();
  const groups = new Map<string, Group>();
  const waiting = new Set<() => void>();
  const consumers = new Set<MemoryConsumer>();

  const wake = (): void => {
    for (const go of waiting) go();
    waiting.clear();
  };
  const waitForChange = (maxWaitMs: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.delete(go);
        resolve();
      }, maxWaitMs);
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      waiting.add(go);
    });
  const topicOf = (name: string): Topic => {
    const topic = topics.get(name);
    if (topic === undefined) throw new Error(`Cannot use topic "${name}": it does not exist, create it first`);
    return topic;
  };
  const groupOf = (name: string): Group => {
    const known = groups.get(name);
    if (known !== undefined) return known;
    const made = createGroup(wake);
    groups.set(name, made);
    return made;
  };
  const createTopic = (spec: TopicSpec): void => {
    const partitions = Array.from({ length: spec.partitions }, () => createMemoryPartition(spec));
    topics.set(spec.name, { spec, partitions, turn: 0, expireAt: 0 });
  };
  const tellTrim = (topic: string, partition: number, source: MemoryPartition): void =>
    onChange?.({ kind: 'trim', topic, partition, start: BigInt(source.start()) });
  const expire = (topic: Topic, now: number): void => {
    topic.expireAt = now + Math.max(1, (topic.spec.retentionMs ?? 0) / 16);
    for (const [partition, source] of topic.partitions.entries())
      if (source.expire(now)) tellTrim(topic.spec.name, partition, source);
  };
  /** Drops what every consumer has read. */
  const drop = (name: string): void => {
    const { spec, partitions } = topicOf(name);
    if (spec.compacted === true) return;
    for (let partition = 0; partition < partitions.length; partition++) {
      const source = partitions[partition] as MemoryPartition;
      let least = Number.POSITIVE_INFINITY;
      for (const consumer of consumers) least = Math.min(least, consumer.needs(name, partition));
      if (least === Number.POSITIVE_INFINITY || least <= source.start()) continue;
      source.trim(least);
      tellTrim(name, partition, source);
    }
  };
  const send = async (name: string, records: readonly OutRecord[]): Promise<void> => {
    const topic = topicOf(name);
    const now = clock.now();
    // All are chosen first: where one is refused, none is written.
    const chosen = records.map((record) => chosenPartition(topic, record));
    const sent: { partition: number; record: LogRecord }[] = [];
    for (let i = 0; i < records.length; i++) {
      const partition = chosen[i] ?? 0;
      const record = topic.partitions[partition]?.append(records[i] as OutRecord, now);
      if (onChange !== undefined && record !== undefined) sent.push({ partition, record });
    }
    for (const [partition, part] of byPartition(sent)) {
      onChange?.({ kind: 'append', topic: name, partition, at: now, records: part });
    }
    if (topic.spec.retentionMs !== undefined && now >= topic.expireAt) expire(topic, now);
    if (waiting.size > 0) wake();
  };
  const setCommitted = (group: string, positions: readonly Position[]): void => {
    const { committed } = groupOf(group);
    for (const { topic, partition, offset } of positions) committed.set(idOf(topic, partition), Number(offset));
  };

  return {
    createTopics: async (specs) => {
      for (const spec of specs) {
        if (topics.has(spec.name)) continue;
        createTopic(spec);
        onChange?.({ kind: 'topic', spec });
      }
    },
    producer: async () => ({ send, close: async () => undefined }),
    consumer: async (options) => {
      for (const topic of options.topics) topicOf(topic);
      const consumer = createMemoryConsumer(options, {
        group: options.group === undefined ? createGroup(wake) : groupOf(options.group),
        partitionsOf: (topic) => topicOf(topic).partitions,
        waitForChange,
        wake,
        commit: (positions) => {
          setCommitted(options.group ?? '', positions);
          onChange?.({ kind: 'offsets', group: options.group ?? '', positions });
        },
        moved: () => {
          if (dropsRead) for (const topic of options.topics) drop(topic);
        },
        closed: () => {
          consumers.delete(consumer);
          if (dropsRead) for (const topic of options.topics) drop(topic);
        },
      });
      consumers.add(consumer);
      return consumer;
    },
    lag: async (group, topic) =>
      topicOf(topic).partitions.map((source, partition) => {
        const committed = groups.get(group)?.committed.get(idOf(topic, partition));
        const from = Math.max(committed ?? 0, source.start());
        const lag = BigInt(Math.max(0, source.end() - from));
        const known = committed === undefined ? undefined : BigInt(committed);
        return { topic, partition, committed: known, end: BigInt(source.end()), lag };
      }),
    bounds: async (topic) =>
      topicOf(topic).partitions.map((source, partition) => ({
        topic,
        partition,
        start: BigInt(source.start()),
        end: BigInt(source.end()),
      })),
    close: async () => wake(),
    restore: (change) => {
      if (change.kind === 'topic') return createTopic(change.spec);
      if (change.kind === 'offsets') return setCommitted(change.group, change.positions);
      const source = topicOf(change.topic).partitions[change.partition];
      if (change.kind === 'trim') return source?.trim(Number(change.start));
      for (const record of change.records) source?.restore(record, change.at);
    },
    snapshot: () => snapshotOf(topics, groups),
  };
};

function* snapshotOf(topics: ReadonlyMap<string, Topic>, groups: ReadonlyMap<string, Group>): Iterable<LogChange> {
  for (const { spec, partitions } of topics.values()) {
    yield { kind: 'topic', spec };
    for (const [partition, source] of partitions.entries()) {
      yield { kind: 'trim', topic: spec.name, partition, start: BigInt(source.start()) };
      for (const { at, records } of source.kept()) yield { kind: 'append', topic: spec.name, partition, at, records };
    }
  }
  for (const [group, { committed }] of groups) {
    const positions = [...committed].map(([id, offset]) => {
      const slash = id.lastIndexOf('/');
      return { topic: id.slice(0, slash), partition: Number(id.slice(slash + 1)), offset: BigInt(offset) };
    });
    if (positions.length > 0) yield { kind: 'offsets', group, positions };
  }
}
