import { type Opened, openKafka, placeOf } from '@groundswell/deadletters';
import { createLogger, systemClock } from '@groundswell/process';
import { createEmbeddedStores } from '@groundswell/stores';
import { loadPrograms } from '../load.ts';

interface DeadLettersOptions {
  readonly file: readonly string[];
  readonly dataDir?: string;
  readonly brokers?: string;
}

/** The log of the resources: that of `up --data-dir`, which must not run, or their Kafka. */
export const openLetters = async ({ file, dataDir, brokers }: DeadLettersOptions): Promise<Opened> =>
  dataDir === undefined ? openCluster(file, brokers) : openFolder(file, dataDir);

const openFolder = async (file: readonly string[], directory: string): Promise<Opened> => {
  const { programs } = await loadPrograms(file, 'local');
  const logger = createLogger('deadletters', 'error');
  const stores = await createEmbeddedStores({ clock: systemClock, logger, directory });
  const close = async (): Promise<void> => {
    await stores.commit();
    await stores.close();
  };
  return { log: stores.log, place: placeOf(programs), close };
};

const openCluster = async (file: readonly string[], brokers: string | undefined): Promise<Opened> => {
  const { programs, pipelines } = await loadPrograms(file, 'cluster');
  const [pipeline, another] = pipelines;
  if (pipeline === undefined || another !== undefined)
    throw new Error(`Cannot choose a Kafka: the files hold ${pipelines.length} pipelines, those of one are needed`);
  const named = brokers ?? pipeline.kafka?.brokers.join(',') ?? process.env['KAFKA_BROKERS'];
  if (named === undefined)
    throw new Error(
      `Cannot find the Kafka of "${pipeline.pipeline}": its resource names none, --brokers or --data-dir is needed`,
    );
  // Names and passwords stand in Secrets, which are not here: they come as they come to a pod.
  return { ...(await openKafka({ ...process.env, KAFKA_BROKERS: named })), place: placeOf(programs) };
};
