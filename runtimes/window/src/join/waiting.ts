import type { LogRecord } from '@groundswell/stores';

/** What is to be known of a record: its event time, ms, and how long it would wait for a row, ms; undefined: it does not. */
export interface Wish {
  readonly at: number;
  readonly waitMs: number | undefined;
}

/**
 * Records of one partition of which some wait for a row of a table. Order is kept: what comes behind one that waits,
 * waits with it, and so does the watermark. Nothing of this is state: where to read on is before the first that waits.
 */
export interface Waiting {
  /** Those of these records, and of the ones before, that can be taken now. */
  admit(records: readonly LogRecord[]): readonly LogRecord[];
  /** The offset before which nobody would wait any more if it was decided now, wall time in ms. */
  over(now: number): bigint;
  /** It is decided. */
  end(until: bigint): void;
  size(): number;
}

export interface WaitingOptions {
  readonly wishOf: (record: LogRecord) => Wish;
  /** Before it nobody waits, as was decided before. */
  readonly until: bigint;
  /** A partition that is silent for so long, wall time in ms, waits no longer. */
  readonly idleTimeoutMs: number | undefined;
}

/** From so many records on the first one waits no longer, whatever its time: memory has an end. */
const maxRecords = 50_000;

export const createWaiting = ({ wishOf, until: from, idleTimeoutMs }: WaitingOptions): Waiting => {
  let queue: LogRecord[] = [];
  let until = from;
  /** Event time that has been seen, waiting or not. */
  let time = -Infinity;
  let heard = true;
  let since: number | undefined;

  const isOver = ({ at, waitMs }: Wish): boolean => waitMs === undefined || time >= at + waitMs;
  const isSilent = (now: number): boolean => {
    if (heard || since === undefined) since = now;
    heard = false;
    return idleTimeoutMs !== undefined && now - since >= idleTimeoutMs;
  };
  return {
    admit: (records) => {
      for (const record of records) {
        time = Math.max(time, wishOf(record).at);
        queue.push(record);
      }
      heard ||= records.length > 0;
      const first = queue.findIndex((record) => record.offset >= until && wishOf(record).waitMs !== undefined);
      if (first === 0) return [];
      const admitted = first === -1 ? queue : queue.slice(0, first);
      queue = first === -1 ? [] : queue.slice(first);
      return admitted;
    },
    over: (now) => {
      const silent = isSilent(now);
      const tooMany = queue.length - maxRecords;
      const stays = queue.findIndex((record, i) => !silent && i >= tooMany && !isOver(wishOf(record)));
      const last = stays === -1 ? queue.at(-1) : queue[stays - 1];
      return last === undefined || last.offset < until ? until : last.offset + 1n;
    },
    end: (to) => {
      until = to;
    },
    size: () => queue.length,
  };
};
