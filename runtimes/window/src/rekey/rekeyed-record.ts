import { traceHeader } from '@groundswell/process';
import type { LogRecord, OutRecord } from '@groundswell/stores';
import { watermarkHeader } from '@groundswell/wire';
import type { Rows } from '../join/window-event.ts';
import { epochHeader } from '../writes.ts';

/** Where a record comes from: partition of the input and offset there, as `3/1207`. */
const sourceHeader = 'groundswell-source';
/** The source partition is silent. */
const idleHeader = 'groundswell-idle';
/** The event goes to several shards; this is not the first of them. */
const copyHeader = 'groundswell-copy';
/** Rows of tables that belong to the event, as JSON. */
const rowsHeader = 'groundswell-rows';

export interface Source {
  readonly partition: number;
  /** Of the event; of a watermark, the next one to be read: all before it have been sent. */
  readonly offset: bigint;
  /** Of who sends it, where whoever comes after may send the event to another shard; undefined where all send alike. */
  readonly epoch?: number | undefined;
}

const headersOf = ({ partition, offset, epoch }: Source): Readonly<Record<string, string>> => ({
  [sourceHeader]: `${partition}/${offset}`,
  ...(epoch !== undefined && { [epochHeader]: String(epoch) }),
});

/** @throws SyntaxError where the record says no source: only windows write to their internal topics */
export const sourceOf = ({ headers }: LogRecord): Source => {
  const [partition, offset] = headers[sourceHeader]?.split('/') ?? [];
  if (partition === undefined || offset === undefined || !/^\d+$/.test(`${partition}${offset}`))
    throw new SyntaxError('Cannot take a record: it does not say where it comes from, only windows may write here');
  const epoch = headers[epochHeader];
  return {
    partition: Number(partition),
    offset: BigInt(offset),
    epoch: epoch === undefined ? undefined : Number(epoch),
  };
};

export const isIdle = ({ headers }: LogRecord): boolean => headers[idleHeader] !== undefined;
export const isCopy = ({ headers }: LogRecord): boolean => headers[copyHeader] !== undefined;

/** The rows that were sent with it. @throws SyntaxError where they are no JSON */
export const rowsOf = ({ headers }: LogRecord): Rows | undefined => {
  const rows = headers[rowsHeader];
  // Written by `rekeyedEvent` and by nobody else.
  return rows === undefined ? undefined : (JSON.parse(rows) as Rows);
};

interface Destination {
  readonly shard: number;
  readonly isCopy: boolean;
  readonly rows: Rows | undefined;
}

/** The record as it came, for a shard. */
export const rekeyedEvent = (record: LogRecord, source: Source, to: Destination): OutRecord => ({
  ...(record.content === undefined ? {} : { content: record.content }),
  get value() {
    return record.value;
  },
  partition: to.shard,
  timestamp: record.timestamp,
  headers: {
    ...headersOf(source),
    ...(record.headers[traceHeader] !== undefined && { [traceHeader]: record.headers[traceHeader] }),
    ...(to.isCopy && { [copyHeader]: '1' }),
    ...(to.rows !== undefined && { [rowsHeader]: JSON.stringify(to.rows) }),
  },
});

/** How far the source partition has come, for a shard. */
export const rekeyedWatermark = (
  source: Source,
  { watermark, idle }: { readonly watermark: number; readonly idle: boolean },
  shard: number,
): OutRecord => ({
  value: null,
  partition: shard,
  headers: {
    ...headersOf(source),
    [watermarkHeader]: String(watermark),
    ...(idle && { [idleHeader]: '1' }),
  },
});

/** Tells all shards that this one sends the events of the partition from now on: what others send later does not count. */
export const rekeyedClaims = (
  { partition, epoch }: { readonly partition: number; readonly epoch: number },
  shards: number,
): readonly OutRecord[] =>
  Array.from({ length: shards }, (_, shard) =>
    rekeyedWatermark({ partition, offset: 0n, epoch }, { watermark: -Infinity, idle: false }, shard),
  );
