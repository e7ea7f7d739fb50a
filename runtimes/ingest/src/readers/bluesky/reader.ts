import type { BlueskyReader } from '@groundswell/graph';
import type { Connection, Message } from '../../connection/connection.ts';
import type { Cursor, Incoming, SourceReader, World } from '../../source-reader.ts';
import { validateEvent } from '../../validate.ts';
import { createConnection } from './connection.ts';
import { mapFrame } from './map-frame.ts';

/** The newest `time_us` of all frames that were given. */
interface JetstreamCursor {
  readonly timeUs: number | null;
}

/**
 * The Bluesky network through Jetstream. On reconnect it goes back a little behind its cursor, for instances differ in when
 * they took a change; what comes twice by that is dropped by its id.
 */
export const openBluesky = (
  { reader, source }: { readonly reader: BlueskyReader; readonly source: string },
  world: World,
  from: Cursor | undefined,
): SourceReader => {
  // Written by `cursor` below and by nobody else.
  let timeUs = (from as JetstreamCursor | undefined)?.timeUs ?? undefined;
  const ignored: Record<string, number> = {};
  const connection: Connection = createConnection(
    { ...reader, urlOf: (instance) => urlOf(reader, instance, timeUs) },
    world,
  );

  const incomingOf = ({ instance, text }: Message): Incoming | undefined => {
    const mapped = mapFrame(text);
    const raw = { origin: instance, offset: timeUs ?? '', raw: text };
    if (mapped.kind === 'bad') return { kind: 'bad', reason: mapped.reason, from: raw };
    timeUs = Math.max(timeUs ?? 0, mapped.timeUs);
    if (mapped.kind === 'ignored') {
      ignored[mapped.what] = (ignored[mapped.what] ?? 0) + 1;
      return undefined;
    }
    const event = validateEvent({ ...mapped.draft, source, ingested_at: 0 });
    const at = { ...raw, offset: mapped.timeUs };
    return typeof event === 'string' ? { kind: 'bad', reason: event, from: at } : { kind: 'event', event, from: at };
  };

  return {
    next: async (maxWaitMs) => {
      const messages = await connection.receive(maxWaitMs);
      return { rows: messages.flatMap((message) => incomingOf(message) ?? []), done: false };
    },
    cursor: (): JetstreamCursor => ({ timeUs: timeUs ?? null }),
    progress: () => (timeUs === undefined ? {} : { at: Math.floor(timeUs / 1000) }),
    health: connection.health,
    ignored: () => ignored,
    disconnects: connection.disconnects,
    close: async () => connection.close(),
  };
};

const urlOf = (reader: BlueskyReader, instance: string, timeUs: number | undefined): string => {
  const url = new URL(instance);
  for (const collection of reader.collections) url.searchParams.append('wantedCollections', collection);
  for (const did of reader.accounts ?? []) url.searchParams.append('wantedDids', did);
  const startUs = reader.startAt === undefined ? undefined : reader.startAt * 1000;
  const cursor = timeUs === undefined ? startUs : timeUs - reader.cursorRewindMs * 1000;
  if (cursor !== undefined) url.searchParams.set('cursor', String(cursor));
  return url.href;
};
