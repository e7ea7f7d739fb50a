import type { WindowProgram } from '@groundswell/graph';
import { deadLetterOf, type Ports } from '@groundswell/stores';
import type { Leftovers } from './intake.ts';
import type { Writes } from './sinks/sink.ts';

interface LeftoverOptions {
  readonly topic: string;
  readonly partition: number;
  readonly writes: Writes;
  /** False while another revision of the window tells of them. */
  readonly areTold: () => boolean;
}

/** Late events go to their topic, where there is one; what cannot be used to the dead letters. */
export const createLeftovers = (
  { name, window, lateTopic, deadLetters }: WindowProgram,
  { clock, logger }: Ports,
  { topic, partition, writes, areTold }: LeftoverOptions,
): Leftovers => ({
  late: ({ key, value, headers, timestamp }) => {
    if (lateTopic === undefined || !areTold()) return;
    writes.send(lateTopic.name, { value, headers, timestamp, ...(key !== undefined && { key }) });
  },
  poison: (record, reason) => {
    if (!areTold()) return;
    logger.warn({ window, partition, offset: String(record.offset), reason }, 'dead-lettered a record');
    writes.send(deadLetters.name, deadLetterOf(name, { topic, partition, record, reason }, clock.now()));
  },
});
