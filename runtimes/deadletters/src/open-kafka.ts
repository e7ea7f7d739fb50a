import { type Environment, readKafkaConfig, readKafkaConnection } from '@groundswell/pod';
import { createLogger } from '@groundswell/process';
import type { Opened } from './opened.ts';

/** The Kafka that the environment names, as for a pod. @throws Error that lists every variable that is missing or wrong */
export const openKafka = async (env: Environment): Promise<Pick<Opened, 'log' | 'close'>> => {
  const { createKafkaLog } = await import('@groundswell/stores/kafka');
  const connection = await readKafkaConnection(readKafkaConfig(env));
  const log = await createKafkaLog({
    ...connection,
    clientId: 'groundswell-deadletters',
    logger: createLogger('deadletters', 'error'),
  });
  return { log, close: () => log.close() };
};
