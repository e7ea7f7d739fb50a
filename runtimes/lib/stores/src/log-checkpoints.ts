import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Checkpoints } from './checkpoints.ts';
import type { Log, LogRecord, OutRecord, Producer } from './log.ts';
import { partitionOf } from './partitioner.ts';

/** A broker takes 1 MB in one record, unless it is set up otherwise. */
const chunkBytes = 800_000;
/** A topic that gives nothing for so long is not read to its end. */
const patienceMs = 60_000;

/**
 * A state is one record under its name; or, if it is too large, chunks under keys of their own and then a manifest under its name.
 * A manifest is written after its chunks, so that one half-written is never found.
 */
interface Manifest {
  readonly id: string;
  readonly chunks: number;
  readonly crc: number;
}

const nameHeader = 'checkpoint';
const manifestHeader = 'manifest';

const chunkKey = (name: string, id: string, index: number): string => `${name}/${id}/${index}`;

const manifestOf = ({ headers }: LogRecord): Manifest | undefined => {
  const text = headers[manifestHeader];
  return text === undefined ? undefined : (JSON.parse(text) as Manifest);
};

/** The records of one name, in order. */
const readRecords = async (log: Log, topic: string, name: string): Promise<LogRecord[]> => {
  const bounds = await log.bounds(topic);
  const at = bounds[partitionOf(name, bounds.length)];
  if (at === undefined || at.start === at.end) return [];
  const found: LogRecord[] = [];
  const consumer = await log.consumer({ topics: [topic], from: 'earliest' });
  try {
    for (let next = at.start; next < at.end; ) {
      const batches = await consumer.poll({ maxRecords: 1000, maxWaitMs: patienceMs });
      const silent = batches.length === 0 && consumer.assignment().length > 0;
      if (silent) throw new Error(`nothing came for ${patienceMs / 1000} s at offset ${next} of ${at.end}`);
      for (const { partition, records } of batches) {
        if (partition !== at.partition) continue;
        next = (records.at(-1)?.offset ?? next) + 1n;
        for (const record of records) if (record.headers[nameHeader] === name) found.push(record);
      }
    }
    return found;
  } finally {
    await consumer.close();
  }
};

/** The state that a manifest stands for; undefined when a part of it is gone. */
const assemble = (name: string, record: LogRecord, chunks: ReadonlyMap<string, LogRecord>): Uint8Array | undefined => {
  const manifest = manifestOf(record);
  if (manifest === undefined || record.value === null) return undefined;
  const parts = Array.from({ length: manifest.chunks }, (_, i) => chunks.get(chunkKey(name, manifest.id, i))?.value);
  if (!parts.every((part) => part instanceof Uint8Array)) return undefined;
  const state = manifest.chunks === 0 ? new Uint8Array(record.value) : new Uint8Array(Buffer.concat(parts));
  return crc32(state) === manifest.crc ? state : undefined;
};

interface Loaded {
  readonly state: Uint8Array | undefined;
  /** Keys of chunks that no manifest needs any more. */
  readonly leftovers: readonly string[];
  readonly chunkKeys: readonly string[];
}

const findState = (name: string, records: readonly LogRecord[]): Loaded => {
  const chunks = new Map<string, LogRecord>();
  const manifests: LogRecord[] = [];
  for (const record of records) {
    const key = record.key ?? '';
    if (key === name) manifests.push(record);
    else if (record.value === null) chunks.delete(key);
    else chunks.set(key, record);
  }
  const newest = manifests.findLast((record) => assemble(name, record, chunks) !== undefined);
  if (newest === undefined) {
    if (manifests.length > 0) throw new Error('parts of it are missing in the topic');
    return { state: undefined, leftovers: [], chunkKeys: [] };
  }
  const id = manifestOf(newest)?.id ?? '';
  const isOwn = (key: string): boolean => key.startsWith(`${name}/${id}/`);
  const keys = [...chunks.keys()];
  // Chunks behind the manifest may be of a save that is still going on.
  const isOlder = (key: string): boolean => (chunks.get(key)?.offset ?? newest.offset) < newest.offset;
  return {
    state: assemble(name, newest, chunks),
    leftovers: keys.filter((key) => !isOwn(key) && isOlder(key)),
    chunkKeys: keys.filter(isOwn),
  };
};

const recordsOf = (name: string, state: Uint8Array): { chunks: OutRecord[]; manifest: OutRecord } => {
  const id = randomUUID();
  const count = state.length > chunkBytes ? Math.ceil(state.length / chunkBytes) : 0;
  const manifest: Manifest = { id, chunks: count, crc: crc32(state) };
  const headers = { [nameHeader]: name };
  return {
    chunks: Array.from({ length: count }, (_, i) => ({
      key: chunkKey(name, id, i),
      value: state.slice(i * chunkBytes, (i + 1) * chunkBytes),
      headers,
    })),
    manifest: {
      key: name,
      value: count === 0 ? state.slice() : new Uint8Array(),
      headers: { ...headers, [manifestHeader]: JSON.stringify(manifest) },
    },
  };
};

/**
 * Checkpoints in a compacted topic, which must exist. One writer for each name.
 *
 * @param topic  best with one partition: a load reads all of it
 */
export const createLogCheckpoints = (log: Log, topic: string): Checkpoints => {
  const obsolete = new Map<string, readonly string[]>();
  let producer: Promise<Producer> | undefined;
  let partitions: Promise<number> | undefined;

  const send = async (name: string, records: readonly OutRecord[]): Promise<void> => {
    producer ??= log.producer();
    partitions ??= log.bounds(topic).then(({ length }) => length);
    const partition = partitionOf(name, await partitions);
    await (await producer).send(
      topic,
      records.map((record) => ({ ...record, partition })),
    );
  };
  return {
    load: async (name) => {
      try {
        const { state, leftovers, chunkKeys } = findState(name, await readRecords(log, topic, name));
        obsolete.set(name, [...leftovers, ...chunkKeys]);
        return state;
      } catch (cause) {
        const reason = (cause as Error).message;
        throw new Error(`Cannot load checkpoint "${name}" from topic "${topic}": ${reason}`, { cause });
      }
    },
    save: async (name, state) => {
      const { chunks, manifest } = recordsOf(name, state);
      if (chunks.length > 0) await send(name, chunks);
      await send(name, [manifest]);
      const gone = obsolete.get(name) ?? [];
      obsolete.set(
        name,
        chunks.flatMap(({ key }) => key ?? []),
      );
      const tombstones = gone.map((key) => ({ key, value: null, headers: { [nameHeader]: name } }));
      if (tombstones.length > 0) await send(name, tombstones);
    },
    close: async () => {
      await (await producer)?.close();
    },
  };
};
