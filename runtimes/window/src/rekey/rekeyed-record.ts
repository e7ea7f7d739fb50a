import type { LogRecord, OutRecord } from '@groundswell/stores';
import { watermarkHeader } from '@groundswell/wire';

/** Where a record comes from: partition of the input and offset there, as `3/1207`. */
const sourceHeader = 'groundswell-source';
/** The source partition is silent. */
const idleHeader = 'groundswell-idle';
/** The event goes to several shards; this is not the first of them. */
const copyHeader = 'groundswell-copy';

export interface Source {
  readonly partition: number;
  /** Of the event; of a watermark, the next one to be read: all before it have been sent. */
  readonly offset: bigint;
}

const sourceText = ({ partition, offset }: Source): string => `${partition}/${offset}`;

/** @throws SyntaxError where the record says no source: only windows write to their internal topics */
export const sourceOf = ({ headers }: LogRecord): Source => {
  const [partition, offset] = headers[sourceHeader]?.split('/') ?? [];
  if (partition === undefined || offset === undefined || !/^\d+$/.test(`${partition}${offset}`))
    throw new SyntaxError('Cannot take a record: it does not say where it comes from, only windows may write here');
  return { partition: Number(partition), offset: BigInt(offset) };
};

export const isIdle = ({ headers }: LogRecord): boolean => headers[idleHeader] !== undefined;
export const isCopy = ({ headers }: LogRecord): boolean => headers[copyHeader] !== undefined;

/** The record as it came, for a shard. */
export const rekeyedEvent = (record: LogRecord, source: Source, to: { shard: number; isCopy: boolean }): OutRecord => ({
  ...(record.content === undefined ? {} : { content: record.content }),
  get value() {
    return record.value;
  },
  partition: to.shard,
  timestamp: record.timestamp,
  headers: { [sourceHeader]: sourceText(source), ...(to.isCopy && { [copyHeader]: '1' }) },
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
    [sourceHeader]: sourceText(source),
    [watermarkHeader]: String(watermark),
    ...(idle && { [idleHeader]: '1' }),
  },
});
