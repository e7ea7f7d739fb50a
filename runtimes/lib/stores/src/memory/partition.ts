import type { LogRecord, OutRecord } from '../log.ts';

/** Neighbouring records that are dropped together. */
interface Segment {
  readonly first: number;
  /** One past the last offset. Compaction leaves gaps, so it is not `first + records.length` there. */
  next: number;
  readonly openedAt: number;
  newestAt: number;
  readonly records: LogRecord[];
}

export interface MemoryPartition {
  start(): number;
  /** Offset of the next record. */
  end(): number;
  append(out: OutRecord, now: number): LogRecord;
  /** Puts a record where it was. */
  restore(record: LogRecord, at: number): void;
  /** At most `max` records from offset `from` on, in order. */
  read(from: number, max: number): LogRecord[];
  /** Drops all before `offset`. */
  trim(offset: number): void;
  /** Drops segments whose records are all older than the topic's retention; answers whether the start moved. */
  expire(now: number): boolean;
  /** What is kept, with the wall time that its retention counts from. */
  kept(): readonly { readonly at: number; readonly records: readonly LogRecord[] }[];
}

export interface PartitionOptions {
  readonly retentionMs?: number;
  readonly compacted?: boolean;
}

const segmentRecords = 1024;
/** A segment is closed after this share of the retention, so records overstay by no more than that. */
const retentionParts = 16;
/** Readers that are behind still see a deletion for so long, as with Kafka's delete.retention.ms. */
const tombstoneMs = 24 * 3_600_000;
const compactFrom = 1000;
const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

const recordOf = (out: OutRecord, offset: bigint, now: number): LogRecord => {
  if (out.content !== undefined) return new LazyRecord(out, offset, now);
  const { key, headers = noHeaders, timestamp = now } = out;
  return { offset, key, value: out.value, headers, timestamp, appendedAt: now };
};

/** A record whose bytes are made when somebody asks for them. */
class LazyRecord implements LogRecord {
  readonly offset: bigint;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: number;
  readonly appendedAt: number;
  readonly content: object | undefined;
  readonly #sent: OutRecord;

  constructor(sent: OutRecord, offset: bigint, now: number) {
    this.offset = offset;
    this.key = sent.key;
    this.headers = sent.headers ?? noHeaders;
    this.timestamp = sent.timestamp ?? now;
    this.appendedAt = now;
    this.content = sent.content;
    this.#sent = sent;
  }

  get value(): Uint8Array | null {
    return this.#sent.value;
  }
}

/** First index whose offset is not below `offset`. */
const indexOf = ({ first, next, records }: Segment, offset: number): number => {
  if (offset <= first) return 0;
  if (next - first === records.length) return offset - first;
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Number(records[middle]?.offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Records of one partition, in segments, oldest first. */
export const createMemoryPartition = ({ retentionMs, compacted = false }: PartitionOptions = {}): MemoryPartition => {
  let segments: Segment[] = [];
  let start = 0;
  let end = 0;
  const newest = new Map<string, number>();
  let superseded = 0;
  const shortestMs = Math.min(
    retentionMs ?? Number.POSITIVE_INFINITY,
    compacted ? tombstoneMs : Number.POSITIVE_INFINITY,
  );
  const rollMs = shortestMs / retentionParts;

  const openSegment = (now: number): Segment => {
    const last = segments.at(-1);
    const room = last !== undefined && last.records.length < segmentRecords && now - last.openedAt <= rollMs;
    if (room && (compacted || last.next === end)) return last;
    const opened = { first: end, next: end, openedAt: now, newestAt: now, records: [] };
    segments.push(opened);
    return opened;
  };

  const push = (record: LogRecord, at: number): void => {
    const segment = openSegment(at);
    segment.records.push(record);
    end++;
    segment.next = end;
    if (at > segment.newestAt) segment.newestAt = at;
    if (!compacted || record.key === undefined) return;
    if (newest.has(record.key)) superseded++;
    newest.set(record.key, end - 1);
    if (superseded > compactFrom && superseded > newest.size) compact(at);
  };

  const compact = (now: number): void => {
    const last = end - 1;
    const isKept = (record: LogRecord, at: number): boolean => {
      const offset = Number(record.offset);
      if (record.key === undefined || offset === last) return true;
      if (newest.get(record.key) !== offset) return false;
      if (record.value !== null || now - at < tombstoneMs) return true;
      newest.delete(record.key);
      return false;
    };
    segments = segments
      .map((segment) => ({ ...segment, records: segment.records.filter((r) => isKept(r, segment.newestAt)) }))
      .filter((segment) => segment.records.length > 0);
    superseded = 0;
    if (retentionMs === undefined) return;
    for (const [key, offset] of newest) if (offset < start) newest.delete(key);
  };

  const dropWhile = (isOld: (segment: Segment) => boolean): void => {
    let count = 0;
    for (const segment of segments) {
      if (!isOld(segment)) break;
      start = segment.next;
      count++;
    }
    if (count > 0) segments.splice(0, count);
  };

  /** Index of the segment that holds `offset` or the first after it. */
  const segmentAt = (offset: number): number => {
    let low = 0;
    let high = segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((segments[middle]?.next ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    start: () => start,
    end: () => end,
    append: (out, now) => {
      const record = recordOf(out, BigInt(end), now);
      push(record, now);
      return record;
    },
    restore: (record, at) => {
      end = Number(record.offset);
      push(record, at);
    },
    read: (from, max) => {
      if (from >= end) return [];
      let at = segmentAt(Math.max(from, start));
      let segment = segments[at];
      if (segment === undefined) return [];
      const begin = indexOf(segment, Math.max(from, start));
      const records = segment.records.slice(begin, begin + max);
      while (records.length < max) {
        segment = segments[++at];
        if (segment === undefined) break;
        for (const record of segment.records.slice(0, max - records.length)) records.push(record);
      }
      return records;
    },
    trim: (offset) => {
      dropWhile((segment) => segment.next <= offset);
      start = Math.max(start, offset);
      end = Math.max(end, start);
    },
    expire: (now) => {
      if (retentionMs === undefined) return false;
      const before = start;
      dropWhile((segment) => segment.newestAt < now - retentionMs);
      return start !== before;
    },
    kept: () =>
      segments.map((segment) => ({
        at: segment.newestAt,
        records: segment.records.slice(indexOf(segment, start)),
      })),
  };
};
