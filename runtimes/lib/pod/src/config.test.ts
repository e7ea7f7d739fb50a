import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const env = {
  GROUNDSWELL_PROGRAM: '/program.json',
  KAFKA_BROKERS: 'a:9092,b:9092',
  REDIS_URL: 'redis://:s3cret%21@cache:6380/2',
};

test('a pod reads its connections from the environment', () => {
  expect(readConfig(env)).toMatchObject({
    kafkaBrokers: ['a:9092', 'b:9092'],
    redisUrl: { nodes: ['cache:6380'], password: 's3cret!', database: 2 },
    redisCluster: false,
    healthPort: 9090,
  });
});

test('rediss:// asks for TLS, and the port has a default', () => {
  expect(readConfig({ ...env, REDIS_URL: 'rediss://cache' }).redisUrl).toEqual({ nodes: ['cache:6379'], tls: {} });
});

test('all that is missing or wrong is said at once, by the name of the variable and without its value', () => {
  const read = () =>
    readConfig({ ...env, KAFKA_BROKERS: undefined, REDIS_URL: 'http://:s3cret@cache', LOG_LEVEL: 'loud' });
  expect(read).toThrow(/KAFKA_BROKERS: .*REDIS_URL: .*LOG_LEVEL: /);
  expect(read).not.toThrow(/s3cret/);
});
