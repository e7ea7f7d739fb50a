import { logContract } from '@groundswell/stores/contract';
import { createKafkaLog } from '@groundswell/stores/kafka';
import { addressesOf, logger } from './servers.ts';

logContract('the log on Kafka', () =>
  createKafkaLog({ brokers: addressesOf('GROUNDSWELL_KAFKA'), clientId: 'test-stores', logger }),
);
