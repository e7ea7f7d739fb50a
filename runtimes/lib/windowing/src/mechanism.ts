import type { Derive, Weights } from './aggregation.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import type { KeyReader } from './key-reader.ts';
import type { Upsert } from './upsert.ts';
import type { Evicted, Head, Size } from './windower.ts';

/**
 * What one kind of window does with events. Keys, conditions, watermarks and the ledger are the same for all kinds:
 * `assemble` puts them around it.
 */
export interface Mechanism<E> {
  /** Says which options its state is of. */
  readonly signature: string;
  /** Takes an event that was read by `keys`, which has found `count` of them. */
  take(event: E, keys: KeyReader<E>, count: number): 'aggregated' | 'late';
  /** The watermark is here now. It never goes back. */
  reach(watermark: number): void;
  fire(limit: number): readonly Upsert[];
  heads(): readonly Upsert[];
  reweigh(aggregation: string, weights: Weights): void;
  redefine(aggregation: string, derive: Derive): void;
  /** Of fading values. */
  forgetBelow?(value: number): void;
  /** Of windows that have panes. */
  setHead?(head: Head): void;
  republish(): void;
  /** Something waits for `fire` or `heads` to be told. */
  pending(): boolean;
  size(): Size;
  /** Forgets so many keys, those that have been silent for longest; answers what is to be told of them. Not while something waits for `fire`. */
  evict(count: number): Evicted;
  /** What the next one calls changed is counted from here. */
  write(to: ByteWriter, scope: Scope): void;
  /** Puts a state together, in a new one. */
  restore(): Restoring;
}

/** All of a state, or what changed since it was written last. */
export type Scope = 'all' | 'changed';

/**
 * Takes up what was written: all of a state first, then the changes to it in their order. A change says what things are
 * now, not how they came to be so: to take it up twice is to take it up once.
 */
export interface Restoring {
  /** @throws RangeError */
  load(from: ByteReader): void;
  /** After the last. @throws RangeError */
  resume(): void;
}
