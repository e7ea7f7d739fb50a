import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { readConnections } from './connections.ts';
import { followFiles } from './follow-files.ts';

const folder = await mkdtemp(join(tmpdir(), 'groundswell-connections-'));
const file = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};
const base = { GROUNDSWELL_PROGRAM: '/program.json', KAFKA_BROKERS: 'a:9093', REDIS_ADDRESSES: 'r1:6379,r2:6379' };

test('addresses are variables, and secrets are in files', async () => {
  const config = readConfig({
    ...base,
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_USERNAME_FILE: await file('user', 'gs\n'),
    KAFKA_PASSWORD_FILE: await file('password', 's3cret'),
    KAFKA_TLS: 'true',
    KAFKA_TLS_CA_FILE: await file('ca', '-----BEGIN'),
    REDIS_PASSWORD_FILE: await file('redis', 'other'),
    REDIS_DATABASE: '3',
    KAFKA_TLS_SERVER_NAME: 'kafka.internal',
    REDIS_TLS: 'true',
    REDIS_TLS_VERIFY: 'false',
  });
  expect(await readConnections(config)).toEqual({
    kafka: {
      brokers: ['a:9093'],
      sasl: { mechanism: 'scram-sha-512', username: 'gs', password: 's3cret' },
      tls: { ca: '-----BEGIN', serverName: 'kafka.internal' },
    },
    redis: { nodes: ['r1:6379', 'r2:6379'], password: 'other', database: 3, tls: { verify: false }, cluster: false },
    files: ['user', 'password', 'redis', 'ca'].map((name) => join(folder, name)),
  });
});

test('a log-in without files, and no Redis or two, are refused', async () => {
  await expect(readConnections(readConfig({ ...base, KAFKA_SASL_MECHANISM: 'plain' }))).rejects.toThrow(
    'KAFKA_USERNAME_FILE and KAFKA_PASSWORD_FILE are needed',
  );
  expect(() => readConfig({ ...base, REDIS_ADDRESSES: undefined })).toThrow('REDIS_URL: is needed, or REDIS_ADDRESSES');
  expect(() => readConfig({ ...base, REDIS_URL: 'redis://x' })).toThrow('REDIS_URL: is needed, or REDIS_ADDRESSES');
});

test('a changed secret is noticed, a file that is gone for a moment is not', async () => {
  const path = await file('rotated', 'one');
  let now = 0;
  const isRotated = await followFiles([path], { now: () => now });
  const later = () => {
    now += 5_000;
    return isRotated();
  };
  expect(await later()).toBe(false);
  await writeFile(path, 'two');
  expect(await isRotated()).toBe(false);
  expect(await later()).toBe(true);
  const missing = await followFiles([path], { now: () => now });
  const { rm } = await import('node:fs/promises');
  await rm(path);
  now += 5_000;
  expect(await missing()).toBe(false);
});
