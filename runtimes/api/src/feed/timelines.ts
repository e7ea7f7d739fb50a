import { type Entry, entryText, markText, merge, newestFirst, parseTimeline, shardOf } from '@groundswell/feeds';
import type { FeedView } from '@groundswell/graph';
import type { Logger } from '@groundswell/process';
import type { KeyValue } from '@groundswell/stores';
import { type FeedPost, feedKeysOf, type TimelinePage } from '@groundswell/wire';
import type { FeedRules, UserRules } from './feed-rules.ts';
import type { Follows } from './follows.ts';
import type { IdMaker } from './id-maker.ts';
import type { Posts } from './posts.ts';

interface Asked {
  readonly limit: number;
  /** Only posts with smaller ids. */
  readonly before: number | undefined;
}

export interface Timelines {
  read(user: string, asked: Asked): Promise<TimelinePage>;
}

interface TimelinesOptions {
  readonly keyValue: KeyValue;
  readonly pipeline: string;
  readonly view: () => FeedView;
  readonly posts: Posts;
  readonly follows: Follows;
  readonly ids: IdMaker;
  readonly rules: FeedRules;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Accounts that are merged at read change rarely, and a post of theirs may be so much late, ms. */
const largeForMs = 1_000;

/** A page, and what was found on the way that should not be there any more. */
interface Page {
  readonly posts: readonly FeedPost[];
  readonly deleted: readonly Entry[];
  /** The last entry that was looked at; undefined at the end. */
  readonly last: Entry | undefined;
}

/**
 * What a user sees: the posts that were delivered, with those of large accounts merged in; of them only those of accounts that
 * are followed now, not blocked, and not deleted. So all of that is in force with the next read, whatever lies in the timeline.
 */
export const createTimelines = (options: TimelinesOptions): Timelines => {
  const { keyValue, pipeline, view, posts, follows, ids, rules, logger, now } = options;
  const keys = feedKeysOf(pipeline);
  const keyOf = (user: string): string => {
    const shard = shardOf(user, view().shards);
    return keys.timelinePrefix(shard) + user;
  };
  let large: { readonly authors: readonly string[]; readonly readAt: number } | undefined;

  const cleanUp = async (user: string, entries: readonly Entry[]): Promise<void> => {
    if (entries.length === 0) return;
    const batch = keyValue.batch();
    batch.listRemove(keyOf(user), entries.map(entryText));
    await batch.run();
  };
  /** Newest posts of all that the user follows. */
  const gather = async (user: string): Promise<readonly Entry[]> => {
    const { refillPosts, length } = view();
    const entries = await posts.newestOf(await follows.following(user), refillPosts);
    return newestFirst(entries).slice(0, length);
  };
  /**
   * Makes the list first and looks for posts then: what comes meanwhile is delivered to the list, and what came before is found.
   */
  const fill = async (user: string): Promise<readonly Entry[]> => {
    const { length, ttlMs } = view();
    const key = keyOf(user);
    const making = keyValue.batch();
    making.delete(key);
    making.listPush(key, [markText(await ids.next())], length);
    making.expire(key, ttlMs);
    await making.run();
    const found = await gather(user);
    const filling = keyValue.batch();
    filling.listPush(key, found.toReversed().map(entryText), length);
    filling.expire(key, ttlMs);
    await filling.run();
    return found;
  };
  /** What was delivered. */
  const stored = async (user: string): Promise<readonly Entry[]> => {
    const { mode, ttlMs } = view();
    if (mode === 'RankOnRead') return gather(user);
    const key = keyOf(user);
    const batch = keyValue.batch();
    const texts = batch.listRange(key, 0, -1);
    const meta = batch.hashGet(keys.meta, ['unfanned']);
    batch.expire(key, ttlMs);
    await batch.run();
    const { entries, since } = parseTimeline(texts.value());
    const isWhole = texts.value().length > 0 && since >= Number(meta.value()[0] ?? 0);
    return isWhole ? entries.slice(0, view().length) : fill(user);
  };
  const largeAuthors = async (): Promise<readonly string[]> => {
    if (large !== undefined && now() - large.readAt < largeForMs) return large.authors;
    const readAt = now();
    const batch = keyValue.batch();
    const members = batch.sortedRange(keys.large, 0, -1);
    await batch.run();
    large = { authors: members.value().map(({ member }) => member), readAt };
    return large.authors;
  };
  const pageOf = async (entries: readonly Entry[], limit: number, { posts: fit }: UserRules): Promise<Page> => {
    const found: FeedPost[] = [];
    const deleted: Entry[] = [];
    let at = 0;
    while (found.length < limit && at < entries.length) {
      const next = entries.slice(at, at + limit - found.length);
      const read = await posts.read(next.map(({ id }) => String(id)));
      found.push(...fit(read.flatMap((one) => (one.kind === 'post' ? [one.post] : []))));
      for (const [i, one] of read.entries()) if (one.kind === 'deleted') deleted.push(next[i] as Entry);
      at += next.length;
    }
    return { posts: found, deleted, last: at < entries.length ? entries[at - 1] : undefined };
  };

  return {
    read: async (user, { limit, before = Number.POSITIVE_INFINITY }) => {
      const [own, candidates, ruled] = await Promise.all([stored(user), largeAuthors(), rules.of(user)]);
      const merged = [...(await follows.followed(user, candidates))];
      const ofLarge = await posts.newestOf(merged, view().refillPosts);
      const wanted = await follows.wanted(user, own);
      const entries = merge(wanted, ofLarge).filter(({ id }) => id < before);
      const page = await pageOf(ruled.entries(entries.slice(0, view().length)), limit, ruled);
      ruled.shown(page.posts);
      const isWanted = new Set(wanted);
      const leftovers = [...own.filter((entry) => !isWanted.has(entry)), ...page.deleted];
      // Behind the answer: no reader lets them through anyway.
      cleanUp(user, leftovers).catch((err: unknown) => logger.warn({ err }, 'cannot clean up a timeline'));
      return {
        feed: view().name,
        user_id: user,
        posts: [...ruled.arrange(page.posts)],
        next_cursor: page.last === undefined ? null : String(page.last.id),
      };
    },
  };
};
