import { expect, test } from 'vitest';
import { createKeyspace } from './keyspace.ts';

test('keys that nobody asks for go as well when their time is over', () => {
  const expired: string[] = [];
  const keyspace = createKeyspace((key) => expired.push(key));
  for (let i = 0; i < 100; i++) {
    keyspace.run({ kind: 'counterAdd', key: `key-${i}`, by: 1 }, 0);
    keyspace.run({ kind: 'expire', key: `key-${i}`, afterMs: i % 2 === 0 ? 10 : 1000 }, 0);
  }
  for (let i = 0; i < 300; i++) keyspace.run({ kind: 'hashGetAll', key: 'another' }, 20 + i);
  expect(expired).toHaveLength(50);
  expect([...keyspace.snapshot(20)].filter(({ kind }) => kind === 'counterSet')).toHaveLength(50);
});

test('however fast keys come, about as many are kept after their time as before it', () => {
  const expired: string[] = [];
  const keyspace = createKeyspace((key) => expired.push(key));
  const perMs = 100;
  const livesMs = 10;
  for (let i = 0; i < 50_000; i++) {
    const now = Math.floor(i / perMs);
    keyspace.run({ kind: 'counterAdd', key: `key-${i}`, by: 1 }, now);
    keyspace.run({ kind: 'expire', key: `key-${i}`, afterMs: livesMs }, now);
  }
  expect(50_000 - expired.length).toBeLessThan(2.5 * perMs * livesMs);
});
