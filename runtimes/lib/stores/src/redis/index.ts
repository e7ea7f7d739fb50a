export { createRedisKeyValue, type RedisKeyValueOptions } from './redis-key-value.ts';
