import type { LogRecord } from '@groundswell/stores';
import type { ReadEvent, SocialEvent } from '@groundswell/wire';
import { promiseOf } from '../promise.ts';
import type { Row, TableVersion } from './versioned-table.ts';
import { createWaiting, type Wish } from './waiting.ts';
import type { Rows, WindowEvent } from './window-event.ts';

/**
 * What decides which rows the events of one partition see. It is saved with the offset from which on it holds, and takes
 * effect after that: so whoever goes on from there sees the same rows again.
 */
export interface JoinState {
  /** By the name of the join. */
  readonly versions: Readonly<Record<string, TableVersion>>;
  /** Before it no event waits for a row, decimal. */
  readonly until: string;
}

/** A table as the events of a partition are joined with it. */
export interface JoinedTable {
  readonly name: string;
  readonly whenMissing: 'Keep' | 'Drop' | 'Wait';
  readonly waitMs: number;
  /** undefined: the event has no key, and so no row. */
  keyOf(event: SocialEvent): string | undefined;
  find(key: string, version: TableVersion, event: SocialEvent): Row | undefined;
  version(): TableVersion;
}

/** Puts rows beside the events of one partition. */
export interface Joining {
  /** Those of these records, and of those that wait, that can be taken now. */
  admit(records: readonly LogRecord[]): readonly LogRecord[];
  join(event: SocialEvent): WindowEvent;
  /** Whether it was decided which rows events see. Nothing is admitted before, nor before the tables are read. */
  isSet(): boolean;
  /**
   * What would be decided now, wall time in ms, for events from this offset on: to be saved, and then set. Before the tables are
   * read it stays as it was; also as long as the last owner may have taken events behind that offset by it.
   */
  next(now: number, position: bigint): JoinState | undefined;
  set(state: JoinState | undefined): void;
  /** Records that wait. */
  waiting(): number;
}

export interface JoiningOptions {
  readonly tables: readonly JoinedTable[];
  readonly eventOf: ReadEvent;
  /** Of conditions that look at no row: who does not fulfil them does not wait for one. */
  readonly isTaken: (event: SocialEvent) => boolean;
  readonly idleTimeoutMs: number | undefined;
  /** Whether the tables were read. */
  readonly areReady: () => boolean;
  readonly count: (join: string, found: boolean) => void;
}

/** What the last owner has saved, and the offset before which it may have taken events by that. */
export interface JoinedBefore {
  readonly state: JoinState;
  readonly end: bigint;
}

export const createJoining = (options: JoiningOptions, before: JoinedBefore | undefined): Joining => {
  const from = before?.state;
  const { tables, eventOf, isTaken, idleTimeoutMs, areReady, count } = options;
  const patient = tables.filter(({ whenMissing }) => whenMissing === 'Wait');
  let state = from;
  /** What came before anything could be taken. */
  let early: readonly LogRecord[] = [];

  const rowOf = (table: JoinedTable, event: SocialEvent): Row | undefined => {
    const key = table.keyOf(event);
    return key === undefined ? undefined : table.find(key, state?.versions[table.name] ?? [], event);
  };
  const waitOf = (event: SocialEvent): number | undefined => {
    let longest: number | undefined;
    for (const table of patient)
      if (rowOf(table, event) === undefined && table.keyOf(event) !== undefined)
        longest = Math.max(longest ?? 0, table.waitMs);
    return longest !== undefined && isTaken(event) ? longest : undefined;
  };
  /** What cannot be read waits for nothing: it is found again by who takes it. */
  const wishOf = (record: LogRecord): Wish => {
    try {
      const event = eventOf(record);
      if (event === undefined) return { at: promiseOf(record), waitMs: undefined };
      return { at: event.at, waitMs: waitOf(event) };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return { at: -Infinity, waitMs: undefined };
    }
  };
  const waiting =
    patient.length === 0 ? undefined : createWaiting({ wishOf, idleTimeoutMs, until: BigInt(from?.until ?? 0) });
  return {
    admit: (records) => {
      const all = early.length === 0 ? records : [...early, ...records];
      const isOpen = state !== undefined && areReady();
      early = isOpen ? [] : all;
      if (!isOpen) return [];
      return waiting?.admit(all) ?? all;
    },
    join: (event) => {
      const rows: Record<string, Rows[string]> = {};
      for (const table of tables) {
        const row = rowOf(table, event);
        count(table.name, row !== undefined);
        rows[table.name] = row ?? null;
      }
      return { ...event, rows };
    },
    isSet: () => state !== undefined,
    next: (now, position) => {
      // Where the first that is left waits, its last owner waited, too.
      const mayBeTaken = position < (before?.end ?? 0n) && (waiting?.size() ?? 0) === 0;
      if (!areReady() || (state !== undefined && mayBeTaken)) return state;
      return {
        versions: Object.fromEntries(tables.map((table) => [table.name, table.version()])),
        until: String(waiting?.over(now) ?? 0n),
      };
    },
    set: (next) => {
      state = next;
      if (next !== undefined) waiting?.end(BigInt(next.until));
    },
    waiting: () => early.length + (waiting?.size() ?? 0),
  };
};
