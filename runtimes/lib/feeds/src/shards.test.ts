import { expect, test } from 'vitest';
import { shardOf } from './shards.ts';

test('users are spread evenly, whatever their ids look like', () => {
  for (const idOf of [
    (i: number) => `${i}`,
    (i: number) => `user-${i * 64}`,
    (i: number) => String(2 ** 52 + i * 64),
  ]) {
    const counts = new Array<number>(64).fill(0);
    for (let i = 0; i < 64_000; i++) counts[shardOf(idOf(i), 64)] = (counts[shardOf(idOf(i), 64)] ?? 0) + 1;
    expect(Math.max(...counts)).toBeLessThan(1_200);
    expect(Math.min(...counts)).toBeGreaterThan(800);
  }
});

test('the shard of a user stays for good, as what is stored lies by it', () => {
  expect(['ann', 'bob', 'did:plc:abc', ''].map((user) => shardOf(user, 64))).toMatchInlineSnapshot(`
    [
      48,
      22,
      0,
      1,
    ]
  `);
});
