import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';
import { createVarintReader, type VarintReader } from './varints.ts';

/** What is used of kafkajs' decoder of a fetch. */
export interface FetchDecoder {
  readonly buffer: Buffer;
  offset: number;
}

type Headers = Readonly<Record<string, Buffer | null | readonly (Buffer | null)[]>>;

/** A record as kafkajs hands it on, but that numbers of 64 bits are no texts. */
interface DecodedRecord extends Batch {
  readonly offset: bigint;
  /** ms */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
}

/** What the records of a batch share. */
interface Batch {
  readonly isControlRecord: boolean;
  /** By which kafkajs leaves out what was aborted. */
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
}

/** Places in a batch, and bits of its attributes: https://kafka.apache.org/documentation/#recordbatch */
const at = { length: 8, body: 12, attributes: 21, firstTime: 27, maxTime: 35, producer: 43, count: 57, records: 61 };
const bits = { codec: 0x07, appendTime: 0x08, transactional: 0x10, control: 0x20 };

interface Codec {
  decompress(packed: Buffer): Promise<Buffer>;
}

const noHeaders: Headers = {};

/** A header that comes again has a list of values. */
const readHeaders = (from: VarintReader): Headers => {
  const count = from.int();
  if (count <= 0) return noHeaders;
  const headers = Object.create(null) as Record<string, Headers[string]>;
  for (let i = 0; i < count; i++) {
    const name = from.text(from.int());
    const value = from.bytes(from.int());
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else headers[name] = Array.isArray(before) ? [...before, value] : [before as Buffer | null, value];
  }
  return headers;
};

/** kafkajs ends a fetch with it, as brokers cut the last batch where the answer is full. */
const partial = (): Error =>
  Object.assign(new Error('Cannot decode a batch: it goes on behind the answer'), {
    name: 'KafkaJSPartialMessageError',
  });

const recordsOf = async (batch: Buffer): Promise<Buffer> => {
  const codec = batch.readInt16BE(at.attributes) & bits.codec;
  const packed = batch.subarray(at.records);
  if (codec === 0) return packed;
  const create = (kafkajs.CompressionCodecs as Readonly<Record<number, () => Codec>>)[codec];
  if (create === undefined) throw new Error(`Cannot decode a batch: compression ${codec} is none that Kafka has`);
  return create().decompress(packed);
};

/**
 * Decodes one batch, in place of kafkajs' own decoder, which makes a dozen objects for each record: two decoders, wrapped
 * 64-bit numbers for each byte of a time, texts of offset and time that are parsed again.
 */
export const decodeBatch = async (from: FetchDecoder): Promise<{ readonly records: readonly DecodedRecord[] }> => {
  const { buffer, offset: start } = from;
  const end = start + at.body + buffer.readInt32BE(start + at.length);
  from.offset = end;
  if (end > buffer.length) throw partial();
  const batch = buffer.subarray(start, end);
  const attributes = batch.readInt16BE(at.attributes);
  const shared: Batch = {
    isControlRecord: (attributes & bits.control) !== 0,
    batchContext: {
      producerId: String(batch.readBigInt64BE(at.producer)),
      inTransaction: (attributes & bits.transactional) !== 0,
    },
  };
  const count = batch.readInt32BE(at.count);
  const reader = createVarintReader(await recordsOf(batch), 0);
  const firstOffset = batch.readBigInt64BE(0);
  const firstTime = Number(batch.readBigInt64BE(at.firstTime));
  const appended = (attributes & bits.appendTime) === 0 ? undefined : Number(batch.readBigInt64BE(at.maxTime));
  const records: DecodedRecord[] = [];
  for (let i = 0; i < count; i++) {
    reader.int();
    // Its attributes, which mean nothing so far.
    reader.skip(1);
    const timestamp = firstTime + reader.int();
    const offset = firstOffset + BigInt(reader.int());
    const key = reader.bytes(reader.int());
    const value = reader.bytes(reader.int());
    const headers = readHeaders(reader);
    const { isControlRecord, batchContext } = shared;
    records.push({ offset, timestamp: appended ?? timestamp, key, value, headers, isControlRecord, batchContext });
  }
  return { records };
};

const decoderPath = 'kafkajs/src/protocol/recordBatch/v0/decoder';

/**
 * Has kafkajs decode batches this way, from its first fetch on: it looks for its decoder then. It says nothing of how it may be
 * told so; but as it is pinned, and has had no release for years, that is where it stays.
 */
export const decodeBatchesLeanly = (): void => {
  const require = createRequire(import.meta.url);
  const path = require.resolve(decoderPath);
  require(path);
  const module = require.cache[path];
  if (module !== undefined) module.exports = decodeBatch;
};
