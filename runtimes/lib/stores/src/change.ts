import type { WriteCommand } from './commands/command.ts';
import type { LogRecord, Position, TopicSpec } from './log.ts';

/**
 * One change of the in-memory stores, as data: what a journal writes and what rebuilds a store.
 * Whoever is given changes in the order in which they were told ends with an equal store.
 */
export type Change = LogChange | CommandsChange | CheckpointChange | StateChange;

export type LogChange =
  | { readonly kind: 'topic'; readonly spec: TopicSpec }
  | {
      readonly kind: 'append';
      readonly topic: string;
      readonly partition: number;
      /** Wall time of the append, ms: retention counts from it. */
      readonly at: number;
      readonly records: readonly LogRecord[];
    }
  /** Records before `start` are gone. */
  | { readonly kind: 'trim'; readonly topic: string; readonly partition: number; readonly start: bigint }
  | { readonly kind: 'offsets'; readonly group: string; readonly positions: readonly Position[] };

export interface CommandsChange {
  readonly kind: 'commands';
  /** Wall time, ms: times to live count from it. Keys that expired are told as deleted. */
  readonly at: number;
  readonly commands: readonly WriteCommand[];
}

export interface CheckpointChange {
  readonly kind: 'checkpoint';
  readonly name: string;
  readonly state: Uint8Array;
}

/** A part of the state of a shard: a base replaces all, a change is added. */
export interface StateChange {
  readonly kind: 'state';
  readonly topic: string;
  readonly shard: number;
  readonly epoch: number;
  readonly part: 'base' | 'change';
  readonly bytes: Uint8Array;
}

/** Called with each change, before anyone can see its effect. */
export type OnChange<C extends Change = Change> = (change: C) => void;
