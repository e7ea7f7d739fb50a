import { keyValueContract } from '@groundswell/stores/contract';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { addressesOf, logger, pass } from './servers.ts';

keyValueContract('the key-value store on Redis', async () => ({
  store: await createRedisKeyValue({ nodes: addressesOf('GROUNDSWELL_REDIS'), logger, keyPrefix: 'test:' }),
  pass,
}));

keyValueContract('the key-value store on Redis Cluster', async () => ({
  store: await createRedisKeyValue({ nodes: addressesOf('GROUNDSWELL_REDIS_CLUSTER'), cluster: true, logger }),
  pass,
}));
