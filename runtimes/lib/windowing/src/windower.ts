import type { Aggregation, Derive, Weights } from './aggregation.ts';
import type { Inputs } from './inputs.ts';
import type { KeyField } from './key-reader.ts';
import type { LedgerEntry } from './ledger.ts';
import type { PatternShape, Shape } from './shape.ts';
import type { Upsert } from './upsert.ts';

/**
 * - OnChange: keys of which a pane entered or left the window.
 * - EveryWindow: every key with content, and those that became empty.
 * - Newest: as OnChange, for those who keep the newest result of a key only. Of windows that are due at once each key
 *   gets one result, that of the last one in which it changed.
 *   A corrected key gets that of the last window that fired.
 */
export type Emit = 'OnChange' | 'EveryWindow' | 'Newest';

export interface WindowerOptions<E> {
  readonly shape: Shape | PatternShape<E>;
  /** Sawtooth: `heads` publishes unfinished windows too. */
  readonly head: Head;
  readonly emit: Emit;
  readonly maxOutOfOrdernessMs: number;
  /** Of wall time. Absent: a silent partition holds back the others. */
  readonly idleTimeoutMs?: number | undefined;
  /** Shared by the windowers of one worker, whose watermark is that of all. Absent: this one is alone. */
  readonly inputs?: Inputs | undefined;
  readonly allowedLatenessMs: number;
  /** Event time, whole ms since the epoch. */
  readonly timeOf: (event: E) => number;
  /** Events for which it is not true are filtered, after they moved the watermark. */
  readonly where?: ((event: E) => boolean) | undefined;
  /** None: one key for everything. */
  readonly keys: readonly KeyField<E>[];
  /** Whether a key, by its id, belongs here, for events that have several. Absent: all do. */
  readonly owns?: ((id: string) => boolean) | undefined;
  readonly aggregations: readonly Aggregation<E>[];
}

export type Head = 'Closed' | 'Sawtooth';

/**
 * Aggregates events over windows of event time. Does no IO and reads no clock. One cycle is: `accept` and `advance` for
 * what came in, `elapse`, then `fire` until it answers nothing, then `heads`.
 */
export interface Windower<E> {
  /** Takes one event of a partition, which also moves the partition's watermark. */
  accept(partition: number, event: E): 'aggregated' | 'late' | 'filtered';
  /** Counts a record that is no event to accept. */
  refuse(partition: number, outcome: 'duplicate' | 'deadLettered'): void;
  /** The partition promises that no more events with a timestamp ≤ `watermark` will come. */
  advance(partition: number, watermark: number): void;
  /** Exactly these partitions count for the watermark from now on. */
  assign(partitions: readonly number[]): void;
  /** Wall time, ms, for idleness. Once a cycle. */
  elapse(now: number): void;
  /**
   * What is to be published because windows were completed or corrected: about `limit` upserts at most, in the order of
   * their ends, but for corrections, which come first. Answers nothing when nothing (more) is due.
   */
  fire(limit?: number): readonly Upsert[];
  /** The unfinished windows of the keys that changed since the last call; none unless `head` is Sawtooth. After `fire`. */
  heads(): readonly Upsert[];
  /** New weights for the weightedSum of that name, for all windows from now on. Publishes every key again. */
  reweigh(aggregation: string, weights: Weights): void;
  /** Another way to compute the derived value of that name, as `reweigh`. */
  redefine(aggregation: string, derive: Derive): void;
  /** Whether unfinished windows are published too, from now on, those of all keys. What was published of them stands until they are over. */
  setHead(head: Head): void;
  /** Keys whose values have all faded below it are dropped, from now on. For decay; others have nothing that fades. */
  forgetBelow(value: number): void;
  /** The next `fire` publishes the newest window of every key again, as if all had changed. */
  republish(): void;
  /** The watermark over all partitions; −Infinity before there is one. */
  watermark(): number;
  ledger(): ReadonlyMap<number, LedgerEntry>;
  size(): Size;
  /**
   * Forgets so many keys with all that they have: those that have been silent for longest. Between cycles only.
   *
   * @throws Error while upserts wait for `fire`
   */
  evict(count: number): Evicted;
  /** The whole state. Between cycles only. @throws Error while upserts wait for `fire` */
  snapshot(): Uint8Array;
  /**
   * What changed since the last call of this or of `snapshot`, as large as that. Between cycles only.
   *
   * @throws Error before the first snapshot, and while upserts wait for `fire`
   */
  changes(): Uint8Array;
}

export interface Size {
  /** Keys with content. */
  readonly keys: number;
  /** Keys times panes with content. */
  readonly rows: number;
  /** Memory that is taken for them, an estimate. */
  readonly bytes: number;
  /** The part of it that is in use: arrays grow to twice what they were, and do not shrink. */
  readonly used: number;
}

export interface Evicted {
  /** May be fewer than were asked for: keys with events that wait for the watermark stay. */
  readonly keys: number;
  /** What was told of them is no longer so. */
  readonly upserts: readonly Upsert[];
}
