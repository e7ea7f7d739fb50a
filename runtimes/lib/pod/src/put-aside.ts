import type { Program } from '@groundswell/graph';
import type { Clock, Logger, Metrics } from '@groundswell/process';
import { type Around, enduring, type Log, type OutRecord, type Refusal } from '@groundswell/stores';
import { type DeadLetter, encodeJson } from '@groundswell/wire';

/** Of what the store of keys does not take. */
const storeMetrics = {
  store_retries_total: 'Batches of commands that the store did not take and that were tried again',
  store_refused_total:
    'Keys that the store refused as often as deadLetters.attempts says, and whose writes were put aside',
} as const;

export interface PutAsideOptions {
  /** As it is now. */
  readonly current: () => Program;
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly random: () => number;
}

const letterOf = (group: string, { key, reason, commands }: Refusal, at: number): OutRecord => {
  const raw = Buffer.from(JSON.stringify(commands)).toString('base64');
  const letter: DeadLetter = { group, reason, origin: `the key "${key}"`, offset: '0', raw, at };
  return { key, value: encodeJson(letter) };
};

/**
 * How a program writes to its store of keys: as often as its resource says, and what is refused for good goes to the dead
 * letters. undefined for a program that has none.
 */
export const putAside = ({ current, log, clock, logger, metrics, random }: PutAsideOptions): Around | undefined => {
  const program = current();
  if (!('deadLetters' in program) || program.retries === undefined) return undefined;
  const { name, deadLetters } = program;
  const [retried, refused] = (['store_retries_total', 'store_refused_total'] as const).map((metric) =>
    metrics.counter(metric, storeMetrics[metric], []).labels(),
  );
  const once = { attempts: 1, initialMs: 0, maxMs: 0 };
  let producer: ReturnType<Log['producer']> | undefined;
  return enduring({
    retries: () => current().retries ?? once,
    onRetry: ({ message }) => {
      retried?.inc();
      logger.warn({ reason: message }, 'the store did not take a batch, trying again');
    },
    putAside: async (refusals) => {
      if (refusals.length === 0) return;
      producer ??= log.producer();
      const letters = refusals.map((refusal) => letterOf(name, refusal, clock.now()));
      await (await producer).send(deadLetters.name, letters);
      refused?.inc(refusals.length);
      for (const { key, reason } of refusals) logger.error({ key, reason }, 'dead-lettered what a key does not take');
    },
    random,
  });
};
