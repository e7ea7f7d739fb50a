import { newestFirst, partsOf, type Ranked, rank } from '@groundswell/feeds';
import type { FeedView } from '@groundswell/graph';
import { ProblemError } from '@groundswell/http';
import type { KeyValue } from '@groundswell/stores';
import type { FeedPost, RankedFeed } from '@groundswell/wire';
import type { FeedRules, UserRules } from './feed-rules.ts';
import type { Follows } from './follows.ts';
import type { IdMaker } from './id-maker.ts';
import { createOrderOnRead } from './order-on-read.ts';
import { createOrderOnWrite } from './order-on-write.ts';
import type { Posts } from './posts.ts';

export interface Rankings {
  /** Followed accounts that have something new, highest score first, each with its newest posts. */
  read(user: string, limit: number): Promise<RankedFeed>;
}

interface RankingsOptions {
  readonly keyValue: KeyValue;
  readonly pipeline: string;
  readonly ids: IdMaker;
  readonly view: () => FeedView;
  readonly posts: Posts;
  readonly follows: Follows;
  readonly rules: FeedRules;
  readonly now: () => number;
}

type Ranking = NonNullable<FeedView['ranking']>;

/** The order of a user's accounts, used again for a while. What it is of changes live, and then it is made anew. */
interface Kept {
  readonly ranking: Ranking;
  readonly at: number;
  readonly order: Promise<readonly Ranked[]>;
}

/** Users whose order is kept. */
const mostKept = 10_000;

export const createRankings = (options: RankingsOptions): Rankings => {
  const { keyValue, pipeline, ids, view, posts, follows, rules, now } = options;
  const kept = new Map<string, Kept>();
  const onRead = createOrderOnRead({ keyValue, follows });
  const onWrite = createOrderOnWrite({ keyValue, pipeline, view, ids, now, onRead });

  /** Who asks while it is made waits for the same one. */
  const orderOf = (user: string, ranking: Ranking): Promise<readonly Ranked[]> => {
    const known = kept.get(user);
    if (known?.ranking === ranking && now() - known.at < ranking.cacheTtlMs) return known.order;
    kept.delete(user);
    const [oldest] = kept.keys();
    if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
    const order = onRead(user, ranking).then((accounts) => rank(accounts, ranking.keep));
    kept.set(user, { ranking, at: now(), order });
    // What failed is not kept.
    order.catch(() => kept.delete(user));
    return order;
  };
  const newestOf = async (authors: readonly string[], ruled: UserRules, { postsPerAccount, maxPostAgeMs }: Ranking) => {
    const since = now() - maxPostAgeMs;
    const found = await posts.newestOf(authors, postsPerAccount);
    const young = ruled.entries(newestFirst(found).filter(({ id }) => partsOf(id).at >= since));
    const read = await posts.read(young.map(({ id }) => String(id)));
    const byAuthor = new Map<string, FeedPost[]>(authors.map((author) => [author, []]));
    const fit = ruled.posts(read.flatMap((one) => (one.kind === 'post' ? [one.post] : [])));
    for (const post of fit) byAuthor.get(post.author_id)?.push(post);
    return byAuthor;
  };

  return {
    read: async (user, limit) => {
      const { ranking, name } = view();
      if (ranking === undefined)
        throw new ProblemError(404, `Cannot rank accounts: the feed "${name}" has no ranking, spec.ranking is needed`);
      const written = ranking.materialize === 'OnWrite' ? onWrite(user, ranking) : undefined;
      const [found, ruled] = await Promise.all([written, rules.of(user)]);
      const order = found ?? (await orderOf(user, ranking));
      // The order may be some seconds old; who is followed and blocked holds from now on.
      const allowed = await follows.followed(
        user,
        order.map(({ author }) => author),
      );
      const accounts: RankedFeed['accounts'] = [];
      const left = order.filter(({ author }) => allowed.has(author));
      while (accounts.length < limit && left.length > 0) {
        const next = left.splice(0, limit - accounts.length);
        const newest = await newestOf(
          next.map(({ author }) => author),
          ruled,
          ranking,
        );
        for (const { author, score } of next) {
          const own = newest.get(author) ?? [];
          if (own.length > 0) accounts.push({ author_id: author, score, posts: own });
        }
      }
      const arranged = diverse(accounts, ruled);
      ruled.shown(arranged.flatMap(({ posts: own }) => own));
      return { feed: name, user_id: user, accounts: arranged };
    },
  };
};

/** Where blocks are of one account each, there is nothing else to put in between: a block is cut. */
const diverse = (accounts: RankedFeed['accounts'], { mostOfAuthor }: UserRules): RankedFeed['accounts'] => {
  let place = 0;
  return accounts.map((account) => {
    const posts = account.posts.slice(0, mostOfAuthor(place));
    place += posts.length;
    return { ...account, posts };
  });
};
