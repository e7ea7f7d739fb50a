export type { Checkpoints } from './checkpoints.ts';
export type { KeyValue, KeyValueBatch, Reply, ScoredMember } from './key-value.ts';
export type {
  Batch,
  Consumer,
  ConsumerOptions,
  Log,
  LogRecord,
  OutRecord,
  PartitionBounds,
  PartitionLag,
  Position,
  Producer,
  TopicPartition,
  TopicSpec,
} from './log.ts';
export type { Ports } from './ports.ts';
