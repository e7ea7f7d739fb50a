import type { XReader } from '@groundswell/graph';
import { createBell } from '../../connection/bell.ts';
import {
  type Connection,
  createConnection,
  type Message,
  receiveFrom,
  sumOf,
  worstOf,
} from '../../connection/connection.ts';
import { openHttpStream } from '../../connection/http-stream.ts';
import type { Ending, Handlers } from '../../connection/stream.ts';
import type { Cursor, Incoming, SourceReader, World } from '../../source-reader.ts';
import { validateEvent } from '../../validate.ts';
import { mapCompliance, mapPost } from './map-post.ts';
import { postQuery } from './posts.ts';
import { createQuotaCount, type QuotaUse } from './quota.ts';
import { createRuleSync } from './sync-rules.ts';
import { xWait } from './wait.ts';

interface XCursor {
  /** When something last came, ms. */
  readonly heardAt: number | null;
  /** Rules that this source has added. */
  readonly rules: Readonly<Record<string, string>>;
  readonly quota: QuotaUse | null;
}

const compliancePartitions = [1, 2, 3, 4];

const complianceName = (partition: number): string => `compliance ${partition}`;

/** The filtered or sampled stream of X, with deletes from its compliance stream where the access allows it. */
export const openX = async (
  { reader, source }: { readonly reader: XReader; readonly source: string },
  world: World,
  from: Cursor | undefined,
): Promise<SourceReader> => {
  // Written by `cursor` below and by nobody else.
  const saved = from as XCursor | undefined;
  const { clock, logger } = world;
  const token = await world.values.read(reader.token);
  const headers = { authorization: `Bearer ${token}` };
  const bell = createBell(world);
  const sync = createRuleSync({ reader, headers, ours: saved?.rules ?? {}, bell }, world);
  let heardAt = saved?.heardAt ?? undefined;
  const ignored: Record<string, number> = {};
  const notices: Record<string, number> = {};
  const count = (counts: Record<string, number>, name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };

  const quota = createQuotaCount(reader.quota, saved?.quota ?? null);
  const connect = (names: readonly string[], urlOf: (name: string) => URL, changes: object = {}): Connection =>
    createConnection(
      {
        what: 'X',
        targets: names.map((name) => ({
          name,
          open: (handlers) => openHttpStream({ url: urlOf(name).href, headers }, metered(name, handlers)),
        })),
        heartbeatTimeoutMs: reader.heartbeatTimeoutMs,
        wait: xWait,
        bell,
        ...changes,
      },
      world,
    );
  /** Counted as they come: X counts what it has sent. */
  const metered = (name: string, handlers: Handlers): Handlers => ({
    ...handlers,
    message: (text) => {
      if (!name.startsWith('posts') || quota.take(clock.now())) handlers.message(text);
      else handlers.ended({ reason: 'quota', why: 'was left: the quota is used up' });
    },
  });
  const posts = (reader.redundant ? ['posts', 'posts 2'] : ['posts']).map((name) =>
    connect([name], () => postsUrlOf(reader, heardAt === undefined ? undefined : clock.now() - heardAt), {
      mayConnect: () => sync.isSynced() && quota.usedUpUntil(clock.now()) === undefined,
    }),
  );
  let isCompliant = reader.compliance;
  const loseCompliance = ({ status }: Ending): void => {
    if (!isCompliant || status === undefined || ![400, 401, 403, 404].includes(status)) return;
    isCompliant = false;
    logger.warn({ source, status }, 'the access does not allow the compliance stream: deletes are not heard of');
  };
  const compliance = (reader.compliance ? compliancePartitions : []).map((partition) =>
    connect([complianceName(partition)], () => complianceUrlOf(reader, partition), {
      mayConnect: () => isCompliant,
      onEnd: loseCompliance,
    }),
  );
  const connections = [...posts, ...compliance];

  const incomingOf = ({ instance, text }: Message): Incoming | undefined => {
    const isPost = instance.startsWith('posts');
    const mapped = isPost ? mapPost(text, sync) : mapCompliance(text);
    const raw = { origin: `${reader.endpoint} ${instance}`, offset: heardAt ?? '', raw: text };
    if (isPost) heardAt = clock.now();
    switch (mapped.kind) {
      case 'bad':
        return { kind: 'bad', reason: mapped.reason, from: raw };
      case 'ignored':
        count(ignored, mapped.what);
        return undefined;
      case 'notice':
        count(notices, mapped.reason);
        logger.warn({ source, reason: mapped.reason, detail: mapped.detail }, 'X ends the stream');
        return undefined;
      case 'event': {
        const event = validateEvent({ ...mapped.draft, source, ingested_at: 0 });
        return typeof event === 'string'
          ? { kind: 'bad', reason: event, from: raw }
          : { kind: 'event', event, from: raw };
      }
    }
  };

  return {
    next: async (maxWaitMs) => {
      sync.thinTo(quota.percent(clock.now()));
      sync.look();
      const messages = await receiveFrom(connections, bell, maxWaitMs);
      return { rows: messages.flatMap((message) => incomingOf(message) ?? []), done: false };
    },
    cursor: (): XCursor => ({ heardAt: heardAt ?? null, rules: sync.ours(), quota: quota.use() }),
    progress: () => ({}),
    health: () => {
      const until = quota.usedUpUntil(clock.now());
      if (until !== undefined) {
        const message = `Cannot read posts of X: the quota is used up, there is more at ${new Date(until).toISOString()}`;
        return { kind: 'waiting', reason: 'QuotaUsedUp', message };
      }
      // Of two redundant streams, one is enough.
      const streams = posts.map((stream) => stream.health());
      const stream = streams.find(({ kind }) => kind === 'ready') ?? worstOf(streams);
      const rules = sync.health();
      return rules.kind === 'ready' ? stream : rules;
    },
    ignored: () => ignored,
    disconnects: () => sumOf([...connections.map((connection) => connection.disconnects()), notices]),
    quota: () => quota.report(clock.now()),
    adopt: (changed) => {
      if (changed.kind !== 'x') return;
      sync.adopt(changed);
      quota.adopt(changed.quota);
    },
    close: async () => {
      for (const connection of connections) connection.close();
    },
  };
};

/** @param gapMs  Since something last came; undefined: nothing ever did */
const postsUrlOf = ({ endpoint, stream, backfillMinutes }: XReader, gapMs: number | undefined): URL => {
  const url = new URL(stream === 'filtered' ? '/2/tweets/search/stream' : '/2/tweets/sample/stream', endpoint);
  for (const [name, value] of Object.entries(postQuery)) url.searchParams.set(name, value);
  const missed = gapMs === undefined ? 0 : Math.min(backfillMinutes, Math.floor(gapMs / 60_000) + 1);
  if (missed > 0) url.searchParams.set('backfill_minutes', String(missed));
  return url;
};

const complianceUrlOf = ({ endpoint }: XReader, partition: number): URL => {
  const url = new URL('/2/tweets/compliance/stream', endpoint);
  url.searchParams.set('partition', String(partition));
  return url;
};
