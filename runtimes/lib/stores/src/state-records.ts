import { crc32 } from 'node:zlib';
import type { LogRecord, OutRecord } from './log.ts';
import type { SavedState } from './states.ts';

/** A broker takes 1 MB in one record, unless it is set up otherwise. */
const chunkBytes = 800_000;

/** A record that is not deleted. Its key is `<shard>/<epoch>/<seq>`. */
export type Kept = Pick<LogRecord, 'value' | 'headers' | 'key'>;

const partHeader = 'part';

/** A base or a change is one part: so many chunks, the first of which has the number `from`. */
interface Part {
  readonly kind: 'base' | 'change';
  readonly from: number;
  readonly chunks: number;
  readonly crc: number;
}

/** A part as records in their order; the first has the number `from`. */
export const recordsOf = (bytes: Uint8Array, kind: Part['kind'], from: number): readonly OutRecord[] => {
  const chunks = Math.max(1, Math.ceil(bytes.length / chunkBytes));
  const part: Part = { kind, from, chunks, crc: crc32(bytes) };
  const headers = { [partHeader]: JSON.stringify(part) };
  return Array.from({ length: chunks }, (_, i) => ({
    value: bytes.slice(i * chunkBytes, (i + 1) * chunkBytes),
    headers,
  }));
};

interface Found {
  /** The newest whole state; undefined where there is none. */
  readonly state: SavedState | undefined;
  /** Keys of all the records. */
  readonly keys: readonly string[];
}

type Numbered = ReadonlyMap<number, Kept>;

const partOf = ({ headers }: Kept): Part => JSON.parse(headers[partHeader] ?? '{}') as Part;

/** The bytes of a part, or undefined when some are missing. */
const assemble = (records: Numbered, { from, chunks, crc }: Part): Uint8Array | undefined => {
  const values = Array.from({ length: chunks }, (_, i) => records.get(from + i)?.value);
  if (!values.every((value) => value instanceof Uint8Array)) return undefined;
  const bytes = new Uint8Array(Buffer.concat(values));
  return crc32(bytes) === crc ? bytes : undefined;
};

/** Changes that follow one another without a gap; the last may be half-written. */
const changesFrom = (records: Numbered, first: number): readonly Uint8Array[] => {
  const changes: Uint8Array[] = [];
  for (let seq = first; ; ) {
    const record = records.get(seq);
    const part = record === undefined ? undefined : partOf(record);
    const bytes = part?.kind === 'change' && part.from === seq ? assemble(records, part) : undefined;
    if (part === undefined || bytes === undefined) return changes;
    changes.push(bytes);
    seq += part.chunks;
  }
};

/** The newest base of one epoch that is whole, with its changes. */
const stateOf = (epoch: number, records: Numbered): SavedState | undefined => {
  for (const seq of [...records.keys()].sort((a, b) => b - a)) {
    const part = partOf(records.get(seq) as Kept);
    if (part.kind !== 'base' || part.from !== seq) continue;
    const base = assemble(records, part);
    if (base !== undefined) return { epoch, base, changes: changesFrom(records, seq + part.chunks) };
  }
  return undefined;
};

/** The state that the records of one shard hold: of the highest epoch that has a whole one. */
export const findState = (records: readonly Kept[]): Found => {
  const epochs = new Map<number, Map<number, Kept>>();
  for (const record of records) {
    const [, epoch = 0, seq = 0] = record.key?.split('/').map(Number) ?? [];
    const numbered = epochs.get(epoch) ?? new Map<number, Kept>();
    epochs.set(epoch, numbered.set(seq, record));
  }
  const keys = records.map(({ key = '' }) => key);
  for (const epoch of [...epochs.keys()].sort((a, b) => b - a)) {
    const state = stateOf(epoch, epochs.get(epoch) as Numbered);
    if (state !== undefined) return { state, keys };
  }
  return { state: undefined, keys };
};
