import type { Values } from './aggregation.ts';

/** The result of one window for one key. A later one with the same key and end (and `nth`) replaces it. */
export interface Upsert {
  /** Stands for the key as long as its text is this very array; a small whole number, for what is kept by key. */
  readonly slot: number;
  readonly key: readonly string[];
  /** Event time, ms: `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** null: the window became empty. */
  readonly values: Values | null;
  /** Of several matches of a pattern with this end: which one, from 0. */
  readonly nth?: number;
  /** No window with a later end was published for this key. What keeps only the newest result skips the others. */
  readonly newest: boolean;
}
