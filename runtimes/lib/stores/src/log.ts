/**
 * The port to a replayable log: topics of ordered partitions, as Kafka has them. Adapters: in memory (also with a
 * journal on disk) and Kafka; one contract suite holds for all.
 */
export interface Log {
  /** Creates what is missing; leaves existing topics as they are. */
  createTopics(topics: readonly TopicSpec[]): Promise<void>;
  producer(): Promise<Producer>;
  consumer(options: ConsumerOptions): Promise<Consumer>;
  /** Records between a group's committed offset (or the log's start, if that is later or none is committed) and the end. */
  lag(group: string, topic: string): Promise<readonly PartitionLag[]>;
  /** Resolves when all that was sent before would outlast a crash. Absent: it does so as soon as `send` resolves. */
  settled?(): Promise<void>;
  /** First and next offset of each partition. */
  bounds(topic: string): Promise<readonly PartitionBounds[]>;
  close(): Promise<void>;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** How long records are kept after their arrival, whatever their event time, ms; absent: without end. */
  readonly retentionMs?: number;
  /** Keep the newest record of each key instead of all; a record without a key is refused. */
  readonly compacted?: boolean;
}

export interface OutRecord {
  /** Decides the partition, unless `partition` is given. Equal keys go to the same partition on every adapter. */
  readonly key?: string;
  /** null is a tombstone. May be a getter that makes the bytes: an adapter asks only when it needs them. */
  readonly value: Uint8Array | null;
  /** What `value` is the encoding of. Readers in the same process are handed it; it is never changed. */
  readonly content?: object;
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Event time, ms; absent: that of the arrival. */
  readonly timestamp?: number;
}

export interface Producer {
  /** Resolves when all records are as durable as the adapter makes them; they keep their order within a partition. */
  send(topic: string, records: readonly OutRecord[]): Promise<void>;
  close(): Promise<void>;
}

export interface LogRecord {
  readonly offset: bigint;
  readonly key: string | undefined;
  readonly value: Uint8Array | null;
  /** As it was sent, where writer and reader share a process. Whoever takes it need not ask for the value. */
  readonly content?: object | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: number;
  /** When the log took it, wall time in ms. Of those that came with others at once, at least the last one has it. */
  readonly appendedAt?: number | undefined;
}

/** Records of one partition, in order and without gaps but those that compaction left. Never empty. */
export interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** `offset` is the next one to read. */
export interface Position extends TopicPartition {
  readonly offset: bigint;
}

export interface ConsumerOptions {
  /**
   * Members of one group share the partitions. A member that keeps a partition over a change of members goes on where it was.
   * Absent: every partition, no commits.
   */
  readonly group?: string;
  readonly topics: readonly string[];
  /** Only these of each topic, for a consumer without a group. Absent: all that there are. */
  readonly partitions?: readonly number[];
  /** Where to begin a partition that has no committed offset; `latest` is the end at the time of the assignment. */
  readonly from: 'earliest' | 'latest';
  /** Called between polls, after partitions came and before their first record; `seek` may be called from it. */
  readonly onAssigned?: (partitions: readonly TopicPartition[]) => Promise<void> | void;
  /** Called between polls, after partitions went: nothing can be committed for them any more. Not called by `close`. */
  readonly onRevoked?: (partitions: readonly TopicPartition[]) => Promise<void> | void;
}

export interface Consumer {
  /** At least one record if there is any within `maxWaitMs`; at most about `maxRecords`, whole batches of a partition each. */
  poll(options: { readonly maxRecords: number; readonly maxWaitMs: number }): Promise<readonly Batch[]>;
  /**
   * Commits for the group. By hand, after the effect. Partitions that went to another member meanwhile are left out: what
   * that one has committed stands.
   */
  commit(positions: readonly Position[]): Promise<void>;
  /**
   * Next poll reads from there, or from the nearest offset that the log has.
   *
   * @throws Error when the partition is not assigned to this consumer
   */
  seek(position: Position): void;
  assignment(): readonly TopicPartition[];
  close(): Promise<void>;
}

export interface PartitionLag extends TopicPartition {
  /** undefined: nothing was ever committed. Unknown is not zero. */
  readonly committed: bigint | undefined;
  readonly end: bigint;
  readonly lag: bigint;
}

export interface PartitionBounds extends TopicPartition {
  readonly start: bigint;
  readonly end: bigint;
}
