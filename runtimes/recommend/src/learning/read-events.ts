import type { Batch, Poison } from '@groundswell/stores';
import { eventOf, type SocialEvent } from '@groundswell/wire';

export interface ReadEvents {
  readonly events: readonly SocialEvent[];
  /** What could not be used. */
  readonly poison: readonly Poison[];
}

export const readEvents = (batches: readonly Batch[]): ReadEvents => {
  const read = { events: [] as SocialEvent[], poison: [] as Poison[] };
  for (const { topic, partition, records } of batches)
    for (const record of records)
      try {
        const event = eventOf(record);
        if (event !== undefined) read.events.push(event);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        read.poison.push({ topic, partition, record, reason: error.message });
      }
  return read;
};
