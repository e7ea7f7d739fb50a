import { type BlueskyReader, speaksEvents } from '@groundswell/graph';

/**
 * What to ask an instance for. Both wires take a time in µs as the cursor, which stands for the same on all instances; what
 * version 2 counts by itself (`seq`) does not.
 *
 * @param timeUs  The newest that came, µs since the epoch
 */
export const addressOf = (
  reader: BlueskyReader,
  { instance, timeUs }: { readonly instance: string; readonly timeUs: number | undefined },
): URL => {
  const url = new URL(instance);
  const isEvents = speaksEvents(instance);
  if (isEvents) url.searchParams.append('kinds', 'commit');
  for (const collection of reader.collections)
    url.searchParams.append(isEvents ? 'collections' : 'wantedCollections', collection);
  for (const did of reader.accounts ?? []) url.searchParams.append(isEvents ? 'dids' : 'wantedDids', did);
  const startUs = reader.startAt === undefined ? undefined : reader.startAt * 1000;
  const cursor = timeUs === undefined ? startUs : timeUs - reader.cursorRewindMs * 1000;
  if (cursor !== undefined) url.searchParams.set('cursor', String(cursor));
  return url;
};
