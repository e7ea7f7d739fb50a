import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { murmur2, partitionOf } from './partitioner.ts';

/** The hash of kafkajs' default partitioner, which follows Kafka's Java client. */
const theirs = createRequire(import.meta.url)('kafkajs/src/producer/partitioners/default/murmur2') as (
  key: Buffer,
) => number;

test.each([
  { key: '21', hash: -973932308 },
  { key: 'foobar', hash: -790332482 },
  { key: 'a-little-bit-long-string', hash: -985981536 },
  { key: 'a-little-bit-longer-string', hash: -1486304829 },
  { key: 'lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', hash: -58897971 },
])('the hash of "$key" is $hash, as in the tests of Kafka', ({ key, hash }) => {
  expect(murmur2(Buffer.from(key))).toBe(hash);
});

test('any bytes have the hash that kafkajs gives them', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(murmur2(bytes)).toBe(theirs(Buffer.from(bytes)));
    }),
  );
});

test('a key lives in one of the partitions, by the hash of its UTF-8', () => {
  const key = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('long '.repeat(2000)));
  fc.assert(
    fc.property(key, fc.integer({ min: 1, max: 100 }), (text, partitions) => {
      expect(partitionOf(text, partitions)).toBe((murmur2(Buffer.from(text)) & 0x7fffffff) % partitions);
    }),
  );
});
