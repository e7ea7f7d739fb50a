import { expect, test } from 'vitest';
import { createKeyspace } from './keyspace.ts';

test('keys that nobody asks for go as well when their time is over', () => {
  const expired: string[] = [];
  const keyspace = createKeyspace((key) => expired.push(key));
  for (let i = 0; i < 100; i++) {
    keyspace.run({ kind: 'counterAdd', key: `key-${i}`, by: 1 }, 0);
    keyspace.run({ kind: 'expire', key: `key-${i}`, afterMs: i % 2 === 0 ? 10 : 1000 }, 0);
  }
  for (let i = 0; i < 300; i++) keyspace.run({ kind: 'hashGetAll', key: 'another' }, 20);
  expect(expired).toHaveLength(50);
  expect([...keyspace.snapshot(20)].filter(({ kind }) => kind === 'counterAdd')).toHaveLength(50);
});
