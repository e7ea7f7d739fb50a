import { randomUUID } from 'node:crypto';
import type { HttpReader } from '@groundswell/graph';
import { ProblemError } from '@groundswell/http';
import type { Cursor, Fate, Incoming, SourceReader, World } from '../../source-reader.ts';
import { validateEvent } from '../../validate.ts';
import { type Access, checkKey, checkSignature, keyAccess } from './access.ts';
import { answerJson, answerPreflight, answerProblem } from './answer.ts';
import { type Batch, batchOf, bytesOf, textOf } from './body.ts';
import { createDraftOf, type DraftOf } from './draft.ts';
import { createWaiting } from './waiting.ts';

/** Rows of one step, about. */
const mostAtOnce = 5_000;
/** However fast they are taken: memory has an end. */
const mostWaiting = 200_000;
/** When to send again what could not be taken now. */
const soon = { 'retry-after': '1' };

/** Events that others push. A request is answered when its events are in the log, or refused. */
export const openHttp = async (
  { reader: first, source }: { readonly reader: HttpReader; readonly source: string },
  world: World,
): Promise<SourceReader> => {
  let reader = first;
  let refused = 0;
  const { clock, logger } = world;
  const access = await accessOf(reader, world);
  if (access.kind === 'open') logger.warn({ source, path: reader.path }, 'whoever reaches the path may send events');
  const draftOf = createDraftOf(reader);
  const waiting = createWaiting(() => clock.now());

  const refuseWhenBehind = (): void => {
    const behindMs = waiting.behindMs();
    if (behindMs <= reader.maxBehindMs && waiting.rows() < mostWaiting) return;
    throw new ProblemError(
      429,
      `Cannot take events: ${waiting.rows()} wait, the first for ${Math.round(behindMs)} ms, send again later`,
      soon,
    );
  };
  const take = async (request: Request): Promise<Response> => {
    if (request.method === 'OPTIONS') return answerPreflight();
    if (request.method !== 'POST') throw new ProblemError(405, `Cannot ${request.method} events: POST them`);
    refuseWhenBehind();
    const { headers } = request;
    if (!isBeacon(headers)) checkKey(access, headers, undefined);
    const bytes = await bytesOf(request, reader.maxBodyBytes);
    checkSignature(access, headers, bytes);
    const batch = batchOf(await textOf(bytes, headers, reader.maxBodyBytes), headers);
    if (isBeacon(headers)) checkKey(access, headers, batch.apiKey);
    if (batch.items.length > reader.maxBatch)
      throw new ProblemError(
        413,
        `Cannot take ${batch.items.length} events at once: at most ${reader.maxBatch} are allowed, send smaller batches`,
      );
    const key = headers.get('idempotency-key') ?? randomUUID();
    const rows = batch.items.map((item, i) =>
      incomingOf(item, { source, draftOf, now: clock.now(), id: `${key}/${i}` }),
    );
    return receiptOf(rows, rows.length === 0 ? [] : await waiting.add(rows));
  };
  world.doors.offer(reader.path, async (request) => {
    try {
      return await take(request);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      refused++;
      return answerProblem(error);
    }
  });

  return {
    next: async (maxWaitMs) => {
      if (waiting.rows() === 0 && maxWaitMs > 0) {
        const stop = new AbortController();
        await Promise.race([waiting.woken(), world.sleep(maxWaitMs, stop.signal)]);
        stop.abort();
      }
      return { rows: waiting.take(mostAtOnce), done: false };
    },
    written: waiting.settle,
    cursor: (): Cursor => null,
    progress: () => ({}),
    health: () => ({ kind: 'ready' }),
    ignored: () => (refused === 0 ? {} : { refused_requests: refused }),
    adopt: (changed) => {
      if (changed.kind === 'http') reader = changed;
    },
    close: async () => {
      world.doors.withdraw(reader.path);
      waiting.failAll(new ProblemError(503, 'Cannot take events: the source is stopping, send again', soon));
    },
  };
};

/** A browser that leaves a page sends text without headers of ours. */
const isBeacon = (headers: Headers): boolean => headers.get('content-type')?.startsWith('text/plain') === true;

const accessOf = async ({ apiKeys, hmac }: HttpReader, { values }: World): Promise<Access> => {
  if (hmac !== undefined) return { kind: 'signed', secret: await values.read(hmac.secret), header: hmac.header };
  return apiKeys === undefined ? { kind: 'open' } : keyAccess(await values.read(apiKeys));
};

interface Making {
  readonly source: string;
  readonly draftOf: DraftOf;
  readonly now: number;
  /** For an event without one. */
  readonly id: string;
}

const incomingOf = (item: Batch['items'][number], { source, draftOf, now, id }: Making): Incoming => {
  if (item.kind === 'broken')
    return {
      kind: 'bad',
      reason: `Cannot make an event: ${item.why}`,
      from: { origin: 'push', offset: id, raw: item.text },
    };
  const { value } = item;
  const from = () => ({ origin: 'push', offset: id, raw: JSON.stringify(value) ?? 'null' });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { kind: 'bad', reason: 'Cannot make an event: it is no JSON object', from: from() };
  const draft = draftOf(value as Readonly<Record<string, unknown>>, now);
  const event = typeof draft === 'string' ? draft : validateEvent({ id, ...draft, source, ingested_at: 0 });
  return typeof event === 'string'
    ? { kind: 'bad', reason: event, from: from() }
    : { kind: 'event', event, from: undefined };
};

/** More would only repeat the same mistake. */
const mostReasons = 20;

const receiptOf = (rows: readonly Incoming[], fates: readonly Fate[]): Response => {
  const count = (kind: Fate['kind']): number => fates.filter((fate) => fate.kind === kind).length;
  const refused = fates.flatMap((fate, index) =>
    fate.kind === 'deadLettered' ? [{ index, reason: fate.reason }] : [],
  );
  const body = {
    accepted: count('written'),
    duplicates: count('duplicate'),
    refused: refused.length,
    ...(refused.length > 0 && { reasons: refused.slice(0, mostReasons) }),
  };
  return answerJson(rows.length > 0 && refused.length === rows.length ? 422 : 200, body);
};
