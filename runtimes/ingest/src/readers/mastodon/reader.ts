import type { MastodonReader } from '@groundswell/graph';
import { doubling } from '../../connection/backoff.ts';
import { createBell } from '../../connection/bell.ts';
import { createConnection, type Message, receiveFrom, sumOf, worstOf } from '../../connection/connection.ts';
import type { Handlers, Stream } from '../../connection/stream.ts';
import type { Cursor, Incoming, SourceReader, World } from '../../source-reader.ts';
import { validateEvent } from '../../validate.ts';
import { catchUp } from './catch-up.ts';
import { createKnownPosts, type SavedPosts } from './known-posts.ts';
import { mapMessage } from './map-message.ts';
import { type Instance, openStream } from './stream-of.ts';

interface MastodonCursor {
  /** Newest post of each stream, by its id on the instance. */
  readonly last: Readonly<Record<string, string>>;
  readonly posts: SavedPosts;
}

/** Ids are numbers as text, and grow with time. */
const isNewer = (id: string, than: string | undefined): boolean =>
  than === undefined || id.length > than.length || (id.length === than.length && id > than);

const nameOf = ({ url, stream, tag, list }: Instance): string =>
  [url, stream, tag ?? list].filter((part) => part !== undefined).join(' ');

/** Several instances at once, a connection to each. */
export const openMastodon = async (
  { reader, source }: { readonly reader: MastodonReader; readonly source: string },
  world: World,
  from: Cursor | undefined,
): Promise<SourceReader> => {
  // Written by `cursor` below and by nobody else.
  const saved = from as MastodonCursor | undefined;
  const last = new Map(Object.entries(saved?.last ?? {}));
  const known = createKnownPosts(saved?.posts);
  const ignored: Record<string, number> = {};
  const bell = createBell(world);
  const instances = new Map<string, Instance>();
  for (const instance of reader.instances) {
    const token = instance.token && (await world.values.read(instance.token));
    const whole: Instance = { ...instance, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } };
    instances.set(nameOf(whole), whole);
  }
  const open = (name: string, instance: Instance, handlers: Handlers): Stream => {
    let lastId = last.get(name);
    /** With the stream open, so that nothing falls between what it begins with and what the timeline ends with. */
    const begin = (): void => {
      if (lastId === undefined) return;
      const missed = catchUp(instance, { lastId, handlers, logger: world.logger });
      lastId = undefined;
      missed.catch((err: Error) => world.logger.warn({ instance: instance.url, why: err.message }, 'cannot catch up'));
    };
    const alive = (): void => {
      begin();
      handlers.alive();
    };
    return openStream(instance, reader.transport, { handlers: { ...handlers, alive }, world });
  };
  const connections = [...instances].map(([name, instance]) =>
    createConnection(
      {
        what: 'Mastodon',
        targets: [{ name, open: (handlers) => open(name, instance, handlers) }],
        heartbeatTimeoutMs: reader.heartbeatTimeoutMs,
        wait: doubling(reader.backoff, world.random),
        bell,
      },
      world,
    ),
  );
  const incomingOf = ({ instance: name, text }: Message): Incoming | undefined => {
    const url = instances.get(name)?.url ?? name;
    const raw = { origin: name, offset: last.get(name) ?? '', raw: text };
    const mapped = mapMessage(text, url.replace(/\/$/, ''), { known, now: world.clock.now() });
    if (mapped.kind === 'bad') return { kind: 'bad', reason: mapped.reason, from: raw };
    if (mapped.kind === 'ignored') {
      ignored[mapped.what] = (ignored[mapped.what] ?? 0) + 1;
      return undefined;
    }
    if (mapped.draft.type !== 'delete' && isNewer(mapped.id, last.get(name))) last.set(name, mapped.id);
    const event = validateEvent({ ...mapped.draft, source, ingested_at: 0 });
    return typeof event === 'string' ? { kind: 'bad', reason: event, from: raw } : { kind: 'event', event, from: raw };
  };

  return {
    next: async (maxWaitMs) => {
      const messages = await receiveFrom(connections, bell, maxWaitMs);
      return { rows: messages.flatMap((message) => incomingOf(message) ?? []), done: false };
    },
    cursor: (): MastodonCursor => ({ last: Object.fromEntries(last), posts: known.saved() }),
    progress: () => ({}),
    health: () => worstOf(connections.map((connection) => connection.health())),
    ignored: () => ignored,
    disconnects: () => sumOf(connections.map((connection) => connection.disconnects())),
    close: async () => {
      for (const connection of connections) connection.close();
    },
  };
};
