import type { SocialEvent } from '@groundswell/wire';

/** Where one feature's value comes from. The form is that of a scorer's program (`lib/graph`). */
export type FeatureSource =
  | { readonly kind: 'expression'; readonly expression: string }
  | {
      readonly kind: 'window';
      readonly window: string;
      readonly hash: string;
      readonly field: string;
      readonly key: readonly { readonly name: string; readonly value: string }[];
      readonly combine: Combine;
      readonly maxStalenessMs?: number | undefined;
    };

/** How the values under a list of keys become one. */
export type Combine = 'Max' | 'Min' | 'Sum' | 'Mean';

export type FeatureType = 'float' | 'int' | 'bool';

export interface Feature {
  readonly name: string;
  /** For what is missing; absent: NaN. */
  readonly default?: number | undefined;
  readonly type: FeatureType;
  readonly source: FeatureSource;
  /** Computed for others to use, but no part of the vector. */
  readonly hidden: boolean;
}

/** One hash of the key-value store to read, and the fields wanted of it. */
export interface HashRead {
  /** Which of the set's distinct (template, key) pairs it answers; several reads of one group are one list of keys. */
  readonly group: number;
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
  /** For each of `reads`, the values of its fields. */
  readonly values: readonly (readonly (string | undefined)[])[];
  /** By window: its worker's watermark, event time in ms. */
  readonly watermarks: ReadonlyMap<string, number>;
}
