import type { Logger } from '@groundswell/process';
import type { Handlers } from '../../connection/stream.ts';
import type { Instance } from './stream-of.ts';

/** Of one page, the most that Mastodon gives. */
const pageSize = 40;
/** A longer gap is left open: the instance may not be asked without end. */
const mostPages = 25;
const timeoutMs = 10_000;

const timelineOf = ({ stream, tag = '', list = '' }: Instance): string => {
  const name = stream.split(':')[0];
  if (name === 'hashtag') return `tag/${encodeURIComponent(tag)}`;
  return name === 'list' ? `list/${encodeURIComponent(list)}` : 'public';
};

/**
 * Streams of Mastodon have no cursor, timelines do: what came after `lastId` and was missed is read from there, and given on as
 * if it had streamed. What comes twice by that is dropped by its id.
 */
export const catchUp = async (
  instance: Instance,
  { lastId, handlers, logger }: { readonly lastId: string; readonly handlers: Handlers; readonly logger: Logger },
): Promise<void> => {
  let after = lastId;
  for (let page = 0; page < mostPages; page++) {
    const url = new URL(`/api/v1/timelines/${timelineOf(instance)}`, instance.url);
    url.searchParams.set('min_id', after);
    url.searchParams.set('limit', String(pageSize));
    if (instance.stream.endsWith(':local')) url.searchParams.set('local', 'true');
    const { headers } = instance;
    const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(`its timeline answered ${response.status}`);
    const statuses = (await response.json()) as readonly { readonly id: string }[];
    // Newest first.
    for (const status of statuses.toReversed()) handlers.message(JSON.stringify({ event: 'update', payload: status }));
    const newest = statuses[0]?.id;
    if (newest === undefined || statuses.length < pageSize) return;
    after = newest;
  }
  logger.warn({ instance: instance.url, posts: mostPages * pageSize }, 'the gap is longer than what is caught up');
};
