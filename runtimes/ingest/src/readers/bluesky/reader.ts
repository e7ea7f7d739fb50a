import { type BlueskyReader, speaksEvents } from '@groundswell/graph';
import type { Connection, Message } from '../../connection/connection.ts';
import type { Cursor, Incoming, SourceReader, World } from '../../source-reader.ts';
import { validateEvent } from '../../validate.ts';
import { addressOf } from './address.ts';
import { createConnection } from './connection.ts';
import { mapEventFrame, mapFrame } from './map-frame.ts';

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
  const count = (what: string): void => {
    ignored[what] = (ignored[what] ?? 0) + 1;
  };
  const connection: Connection = createConnection(
    { ...reader, packed: reader.compression === 'zstd', urlOf: (instance) => addressOf(reader, { instance, timeUs }) },
    world,
  );

  const incomingOf = ({ instance, text }: Message): Incoming | undefined => {
    const mapped = speaksEvents(instance) ? mapEventFrame(text) : mapFrame(text);
    const raw = { origin: instance, offset: timeUs ?? '', raw: text };
    if (mapped.kind === 'bad') return { kind: 'bad', reason: mapped.reason, from: raw };
    if (mapped.kind === 'notice') {
      count(mapped.name);
      world.logger.warn(
        { source, instance, name: mapped.name, message: mapped.message },
        'Jetstream says of its stream',
      );
      return undefined;
    }
    timeUs = Math.max(timeUs ?? 0, mapped.timeUs);
    if (mapped.kind === 'ignored') {
      count(mapped.what);
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
