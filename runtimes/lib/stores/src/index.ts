// kafkajs and ioredis stay behind `@groundswell/stores/kafka` and `@groundswell/stores/redis`, so that this door opens fast.
export type { Checkpoints } from './checkpoints.ts';
export { CommandError } from './commands/command.ts';
export { type Around, type EnduringOptions, enduring, type Refusal, type Retries } from './commands/enduring.ts';
export { deadLetterOf, type Poison } from './dead-letter.ts';
export {
  createEmbeddedStores,
  createMemoryCheckpoints,
  createMemoryKeyValue,
  createMemoryLog,
  createMemoryStates,
  type EmbeddedStores,
  type EmbeddedStoresOptions,
  JournalError,
} from './embedded/index.ts';
export {
  type FanPage,
  type Fence,
  FencedError,
  type KeyValue,
  type KeyValueBatch,
  type ListFan,
  type Reply,
  type RowMemo,
  type RowValue,
  type ScoredMember,
} from './key-value.ts';
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
export { createLogCheckpoints } from './log-checkpoints.ts';
export { createLogStates } from './log-states.ts';
export { createHashOfflineStore } from './offline/hashes.ts';
export { createHbaseOfflineStore } from './offline/hbase.ts';
export type { OfflineStore } from './offline/offline-store.ts';
export { createOffsets } from './offsets.ts';
export { openConsumer } from './open-consumer.ts';
export { partitionOf } from './partitioner.ts';
export type { Ports } from './ports.ts';
export { decodeState, encodeState } from './positioned-state.ts';
export { readToEnd } from './read-to-end.ts';
export { createResultsReader, type PlaceOf, type ResultsReader } from './results-reader.ts';
export type { SavedState, StatePlace, States } from './states.ts';
