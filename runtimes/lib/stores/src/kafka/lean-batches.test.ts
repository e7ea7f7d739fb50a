import { createRequire } from 'node:module';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { decodeBatch, type FetchDecoder } from './lean-batches.ts';

const require = createRequire(import.meta.url);
const internal = (path: string) => require(`kafkajs/src/protocol/${path}`);
const Decoder = internal('decoder') as new (buffer: Buffer) => FetchDecoder;
const decodeByKafkajs = internal('recordBatch/v0/decoder') as typeof decodeBatch;
const { RecordBatch } = internal('recordBatch/v0') as {
  RecordBatch(batch: object): Promise<{ readonly buffer: Buffer }>;
};
const Record = internal('recordBatch/record/v0') as (record: object) => object;

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const record = fc.record({
  timestampDelta: fc.oneof(
    fc.integer({ min: -5, max: 200 }),
    fc.maxSafeInteger().map((n) => Math.trunc(n / 2 ** 10)),
  ),
  offsetDelta: fc.nat({ max: 2 ** 31 - 1 }),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(
    // kafkajs mistakes what every object has for a header that was there before.
    fc.oneof(fc.constantFrom('a', 'b'), fc.string()).filter((name) => !(name in {})),
    fc.oneof(bytes, fc.array(bytes, { minLength: 2, maxLength: 3 })),
    { maxKeys: 2 },
  ),
});
const batch = fc.record({
  compression: fc.constantFrom(kafkajs.CompressionTypes.None, kafkajs.CompressionTypes.GZIP),
  firstOffset: fc.bigInt({ min: 0n, max: 2n ** 62n }),
  firstTimestamp: fc.nat({ max: 4_000_000_000_000 }),
  maxTimestamp: fc.nat({ max: 4_000_000_000_000 }),
  transactional: fc.boolean(),
  producerId: fc.bigInt({ min: -1n, max: 2n ** 40n }),
  records: fc.array(record, { maxLength: 8 }),
});

const encode = async ({ records, ...rest }: typeof batch extends fc.Arbitrary<infer B> ? B : never): Promise<Buffer> =>
  (await RecordBatch({ ...rest, records: records.map(Record) })).buffer;

/** With texts for what is a number of 64 bits. */
const seen = async (decode: typeof decodeBatch, from: FetchDecoder) =>
  (await decode(from)).records.map(({ offset, timestamp, key, value, headers, isControlRecord, batchContext }) => ({
    ...{ offset: String(offset), timestamp: String(timestamp), key, value, headers: { ...headers }, isControlRecord },
    ...{ producerId: batchContext.producerId, inTransaction: batchContext.inTransaction },
  }));

test('batches are decoded as kafkajs decodes them', async () => {
  await fc.assert(
    fc.asyncProperty(batch, batch, async (first, second) => {
      const buffer = Buffer.concat([await encode(first), await encode(second)]);
      const [ours, theirs] = [new Decoder(buffer), new Decoder(buffer)];
      for (const _ of [first, second]) {
        expect(await seen(decodeBatch, ours)).toEqual(await seen(decodeByKafkajs, theirs));
        expect(ours.offset).toBe(theirs.offset);
      }
    }),
    { numRuns: 50 },
  );
});

test('of a batch that was cut, kafkajs is told that it goes on', async () => {
  const whole = await encode(fc.sample(batch, { numRuns: 1, seed: 7 })[0]!);
  const cut = decodeBatch(new Decoder(whole.subarray(0, -1)));
  await expect(cut).rejects.toMatchObject({ name: 'KafkaJSPartialMessageError' });
});
