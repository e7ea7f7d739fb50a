import type { Feature, FeatureSource } from '@groundswell/graph';
import type { SocialEvent } from '@groundswell/wire';

export type { Feature };

export type WindowSource = Extract<FeatureSource, { readonly kind: 'window' }>;

/** One hash of the key-value store to read, and the fields wanted of it. */
export interface HashRead {
  /** Which of the set's distinct (window, template, key) triples it answers; several reads of one group are one list of keys. */
  readonly group: number;
  readonly window: string;
  /** By its key in the sink: see `resultsPlace` in wire for what comes before it. */
  readonly hash: string;
  readonly fields: readonly string[];
}

/** A post at a moment, with what the store said of it. */
export interface Moment {
  /** The post's own event. */
  readonly event: SocialEvent;
  /** The moment that the features stand for, event time in ms. */
  readonly at: number;
  /** From the post to that moment, ms. */
  readonly age: number;
  readonly reads: readonly HashRead[];
  /** For each of `reads`, the values of its fields: numbers and truth values, or their texts. */
  readonly values: readonly (readonly unknown[])[];
  /** By window: its worker's watermark, event time in ms. */
  readonly watermarks: ReadonlyMap<string, number>;
}
