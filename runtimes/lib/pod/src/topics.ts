import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@groundswell/process';
import type { Log, TopicSpec } from '@groundswell/stores';

interface Prepared {
  readonly log: Pick<Log, 'createTopics' | 'bounds'>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly by: 'create' | 'wait';
  /** How often it is looked whether they are there, ms. */
  readonly everyMs?: number;
}

const isThere = (log: Prepared['log'], name: string): Promise<boolean> =>
  log.bounds(name).then(
    () => true,
    () => false,
  );

/** Resolves when all topics are there: creates those that are missing, or waits until somebody else has. */
export const prepareTopics = async (
  specs: readonly TopicSpec[],
  { log, logger, by, everyMs = 2_000 }: Prepared,
): Promise<void> => {
  if (by === 'create') return log.createTopics(specs);
  let told = '';
  for (let missing = specs.map(({ name }) => name); ; await wait(everyMs)) {
    const found = await Promise.all(missing.map((name) => isThere(log, name)));
    missing = missing.filter((_, i) => !found[i]);
    if (missing.length === 0) return;
    if (told !== missing.join()) logger.warn({ missing }, 'waits for topics that somebody else makes');
    told = missing.join();
  }
};
