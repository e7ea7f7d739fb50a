import type { WindowProgram } from '@groundswell/graph';
import type { Clock } from '@groundswell/process';
import type { KeyValueBatch, OutRecord } from '@groundswell/stores';
import type { Upsert } from '@groundswell/windowing';

/** Where a step gathers what it writes, to send all of it at once. */
export interface Writes {
  readonly commands: () => KeyValueBatch;
  /** For keys that other shards of the window write to as well. */
  readonly sharedCommands: () => KeyValueBatch;
  send(topic: string, record: OutRecord): void;
}

/** Somewhere results go. Writing an upsert twice must be the same as writing it once. */
export interface Sink {
  write(upserts: readonly Upsert[], to: Writes): void;
}

/** What sinks know of the window that they write for. */
export interface SinkContext {
  readonly window: string;
  /** Names of the key's fields in templates, in order. */
  readonly keyNames: readonly string[];
  /** Names of the aggregations, in order. */
  readonly names: readonly string[];
  /** Of a pattern's matches. */
  readonly tag: WindowProgram['tag'];
  readonly clock: Clock;
}
