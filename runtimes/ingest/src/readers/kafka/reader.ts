import type { KafkaReader } from '@groundswell/graph';
import type { Consumer, Log, LogRecord, Position } from '@groundswell/stores';
import { compileMapping, type Mapping } from '../../mapping/mapping.ts';
import { Misfit } from '../../mapping/misfit.ts';
import type { Cursor, Incoming, SourceReader, World } from '../../source-reader.ts';
import { validateEvent } from '../../validate.ts';

/** Next offset of each partition, as decimal text. */
type Offsets = Readonly<Record<string, string>>;

const mostAtOnce = 5_000;

/**
 * A topic of somebody else. The saved cursor says where to go on; offsets are committed to the group as well, for those who watch
 * its lag, and for a source that lost its checkpoint.
 */
export const openKafka = async (
  { reader, source }: { readonly reader: KafkaReader; readonly source: string },
  world: World,
  from: Cursor | undefined,
): Promise<SourceReader> => {
  const { topic, group, startFrom } = reader;
  const mapping = compileMapping({ path: topic, mapping: reader.mapping, timeUnit: reader.timeUnit });
  const log = await logOf(reader, source, world);
  // Written by `cursor` below and by nobody else.
  const next = new Map(Object.entries((from as Offsets | undefined) ?? {}));
  let taken: Offsets = {};
  let tombstones = 0;
  const consumer: Consumer = await log.consumer({
    group,
    topics: [topic],
    from: startFrom,
    onAssigned: (partitions) => {
      for (const { partition } of partitions) {
        const offset = next.get(String(partition));
        if (offset !== undefined) consumer.seek({ topic, partition, offset: BigInt(offset) });
      }
    },
  });
  const incomingOf = (record: LogRecord, partition: number): Incoming | undefined => {
    if (record.value !== null) return rowOf({ ...record, value: record.value }, { partition, topic, mapping, source });
    tombstones++;
    return undefined;
  };

  return {
    next: async (maxWaitMs) => {
      const batches = await consumer.poll({ maxRecords: mostAtOnce, maxWaitMs });
      const rows = batches.flatMap(({ partition, records }) => {
        const last = records.at(-1);
        if (last !== undefined) next.set(String(partition), String(last.offset + 1n));
        return records.flatMap((record) => incomingOf(record, partition) ?? []);
      });
      return { rows, done: false };
    },
    cursor: (): Offsets => {
      taken = Object.fromEntries(next);
      return taken;
    },
    saved: async () => {
      const own = new Set(consumer.assignment().map(({ partition }) => String(partition)));
      const positions = Object.entries(taken).flatMap(([partition, offset]): Position[] =>
        own.has(partition) ? [{ topic, partition: Number(partition), offset: BigInt(offset) }] : [],
      );
      if (positions.length > 0) await consumer.commit(positions);
    },
    progress: () => ({}),
    health: () =>
      consumer.assignment().length > 0
        ? { kind: 'ready' }
        : { kind: 'waiting', reason: 'NotAssigned', message: `Waits for its partitions of topic "${topic}"` },
    ignored: () => (tombstones === 0 ? {} : { tombstone: tombstones }),
    close: async () => {
      await consumer.close();
      if (log !== world.log) await log.close();
    },
  };
};

interface RowOptions {
  readonly partition: number;
  readonly topic: string;
  readonly mapping: Mapping;
  readonly source: string;
}

const decoder = new TextDecoder();

const rowOf = (
  { value, offset }: { readonly value: Uint8Array; readonly offset: bigint },
  { partition, topic, mapping, source }: RowOptions,
): Incoming => {
  const place = `${topic}/${partition}/${offset}`;
  const bad = (why: string): Incoming => {
    const from = { origin: `${topic}/${partition}`, offset: String(offset), raw: value };
    return { kind: 'bad', reason: `Cannot use record ${place}: ${why}`, from };
  };
  let row: unknown;
  try {
    row = JSON.parse(decoder.decode(value));
  } catch {
    return bad('it is not JSON');
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return bad('it is JSON but no object');
  const draft = mapping.draft(row as Readonly<Record<string, unknown>>, { first: false, root: undefined });
  if (draft instanceof Misfit) return bad(draft.problem);
  const event = validateEvent({ id: place, author_id: '', ...draft, source, ingested_at: 0 });
  return typeof event === 'string' ? bad(event) : { kind: 'event', event, from: undefined };
};

/** The log of the pipeline, or one of its own with the credentials that the source names. */
const logOf = async ({ brokers, sasl, tls }: KafkaReader, source: string, world: World): Promise<Log> => {
  if (brokers.length === 0) return world.log;
  const { logger, values } = world;
  const read = async <K extends string>(name: K, reference: Parameters<typeof values.read>[0] | undefined) =>
    reference === undefined ? {} : ({ [name]: await values.read(reference) } as { readonly [P in K]: string });
  // Not before it is needed: whoever has no Kafka loads no client for it.
  const { createKafkaLog } = await import('@groundswell/stores/kafka');
  return createKafkaLog({
    brokers,
    clientId: `groundswell-${source}`,
    logger,
    ...(sasl && {
      sasl: {
        mechanism: sasl.mechanism,
        username: await values.read(sasl.username),
        password: await values.read(sasl.password),
      },
    }),
    ...(tls && {
      tls: {
        ...(await read('ca', tls.ca)),
        ...(await read('certificate', tls.certificate)),
        ...(await read('key', tls.key)),
        ...(tls.serverName !== undefined && { serverName: tls.serverName }),
        ...(tls.verify === false && { verify: false }),
      },
    }),
  });
};
