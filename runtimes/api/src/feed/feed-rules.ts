import type { Entry } from '@groundswell/feeds';
import type { FeedView, RankingRule } from '@groundswell/graph';
import { type Clock, type Logger, openBlockLists, type Values } from '@groundswell/process';
import { applyRules, compileRules, type Sight } from '@groundswell/recommending';
import type { KeyValue } from '@groundswell/stores';
import { type FeedPost, feedKeysOf, fillTemplate, parseTemplate } from '@groundswell/wire';

/** The rules of a feed, for one user at one moment. */
export interface UserRules {
  /** What may be answered as far as ids say: neither blocked nor seen. */
  entries(entries: readonly Entry[]): readonly Entry[];
  /** What may be answered, as conditions see it. */
  posts(posts: readonly FeedPost[]): readonly FeedPost[];
  /** In the order in which they are answered. */
  arrange(posts: readonly FeedPost[]): readonly FeedPost[];
  /** How many of one author may stand from this place on, counted from 0. */
  mostOfAuthor(place: number): number;
  /** Remembers what was answered, behind the answer. */
  shown(posts: readonly FeedPost[]): void;
}

export interface FeedRules {
  of(user: string): Promise<UserRules>;
  /** Looks for changes of block lists. */
  look(): Promise<unknown>;
}

interface FeedRulesOptions {
  readonly keyValue: KeyValue;
  readonly pipeline: string;
  /** What it refers to stays the same, its rules are live. */
  readonly view: () => FeedView;
  readonly values: Values;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Post {
  readonly id: string;
  readonly author: string;
  readonly score: undefined;
  readonly post: FeedPost | undefined;
}

const ofEntry = ({ id, author }: Entry): Post => ({ id: String(id), author, score: undefined, post: undefined });
const ofPost = (post: FeedPost): Post => ({ id: post.post_id, author: post.author_id, score: undefined, post });

/** @throws Error where a block list cannot be read */
export const createFeedRules = async (options: FeedRulesOptions): Promise<FeedRules> => {
  const { keyValue, pipeline, view, values, clock, logger } = options;
  const keys = feedKeysOf(pipeline);
  const refersTo = view().rules.flatMap((rule) => (rule.kind === 'block' ? [rule.list] : []));
  const lists = await openBlockLists(refersTo, { values, clock, logger });

  const compiled = (rules: readonly RankingRule[]) => {
    const kinds = (...wanted: readonly RankingRule['kind'][]) =>
      compileRules(
        rules.filter(({ kind }) => wanted.includes(kind)),
        lists,
      );
    return { rules, byId: kinds('block', 'dropSeen'), byPost: kinds('where'), order: kinds('diversity') };
  };
  let current = compiled(view().rules);
  /** Compiled once for as long as they are the same. */
  const inForce = () => {
    const { rules } = view();
    if (current.rules !== rules) current = compiled(rules);
    return current;
  };
  const read = async (user: string, rules: readonly RankingRule[]) => {
    const batch = keyValue.batch();
    const seen = seenMsOf(rules) > 0 ? batch.hashGetAll(keys.seen(user)) : undefined;
    const seesUser = rules.some(({ kind }) => kind === 'where');
    const templates = seesUser ? view().userTags : [];
    const tags = templates.map((template) =>
      batch.sortedRange(
        fillTemplate(parseTemplate(template), () => user),
        0,
        -1,
      ),
    );
    await batch.run();
    const at = clock.now();
    const inTags = tags.flatMap((reply) => reply.value().filter(({ score }) => score > at));
    return {
      at,
      seen: new Map(Object.entries(seen?.value() ?? {}).map(([id, text]) => [id, Number(text)])),
      tags: [...new Set(inTags.map(({ member }) => member))],
    };
  };
  const remember = async (user: string, posts: readonly FeedPost[], over: readonly string[]): Promise<void> => {
    const batch = keyValue.batch();
    const at = String(clock.now());
    batch.hashSet(keys.seen(user), Object.fromEntries(posts.map(({ post_id }) => [post_id, at])));
    batch.hashDelete(keys.seen(user), over);
    batch.expire(keys.seen(user), seenMsOf(view().rules));
    await batch.run();
  };
  return {
    of: async (user) => {
      const { rules, byId, byPost, order } = inForce();
      if (rules.length === 0) return everything;
      const { at, seen, tags } = await read(user, rules);
      const sight: Sight<Post> = {
        ...{ at, user: { user_id: user, tags }, seenAt: (id) => seen.get(id) },
        postOf: ({ post }) => post,
      };
      const through = (posts: readonly FeedPost[], by: typeof order): readonly FeedPost[] =>
        applyRules(posts.map(ofPost), by.of(sight)).flatMap(({ post }) => post ?? []);
      return {
        entries: (entries) => {
          const allowed = new Set(applyRules(entries.map(ofEntry), byId.of(sight)).map(({ id }) => id));
          return entries.filter(({ id }) => allowed.has(String(id)));
        },
        posts: (posts) => through(posts, byPost),
        arrange: (posts) => through(posts, order),
        mostOfAuthor: (place) =>
          rules.reduce(
            (most, rule) =>
              rule.kind === 'diversity' && place < rule.inFirst ? Math.min(most, rule.maxPerAuthor) : most,
            Number.POSITIVE_INFINITY,
          ),
        shown: (posts) => {
          const keepMs = seenMsOf(rules);
          if (keepMs === 0 || posts.length === 0) return;
          const over = [...seen].flatMap(([id, before]) => (before + keepMs < at ? [id] : []));
          remember(user, posts, over).catch((err: unknown) => logger.warn({ err }, 'cannot remember what was shown'));
        },
      };
    },
    look: () => lists.look(),
  };
};

const everything: UserRules = {
  entries: (entries) => entries,
  posts: (posts) => posts,
  arrange: (posts) => posts,
  mostOfAuthor: () => Number.POSITIVE_INFINITY,
  shown: () => undefined,
};

/** So long somebody may ask what a user was shown; 0 where nobody does. */
const seenMsOf = (rules: readonly RankingRule[]): number =>
  rules.reduce((most, rule) => (rule.kind === 'dropSeen' ? Math.max(most, rule.forMs) : most), 0);
