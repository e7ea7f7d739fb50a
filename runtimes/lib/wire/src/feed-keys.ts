/** Where the posts, follows and timelines of a pipeline lie in the key-value store. Ids are as texts. */
export const feedKeysOf = (pipeline: string) => {
  const under = `gs:${pipeline}:feed`;
  // What is written together lies in one slot of a cluster: the text in braces decides.
  const inShard = (what: string, shard: number): string => `${under}:${what}:{feed-${shard}}`;
  return {
    /** Hash: `body` (FeedPost as JSON); `deleted` once it was. */
    post: (id: string) => `${under}:post:${id}`,
    /** Sorted set: ids of an author's newest posts, by themselves. */
    postsOf: (author: string) => `${under}:posts-of:${author}`,
    /** Hash: followed account → id of the follow. The truth about who follows whom. */
    following: (user: string) => `${under}:following:${user}`,
    /** Hash: shard → 1, for shards in which an author has or had followers. */
    audience: (author: string) => `${under}:audience:${author}`,
    /** Sorted set: followers by id of the follow, unique, so that a page can go on behind the last one. */
    followers: (shard: number, author: string) => `${inShard('followers', shard)}:${author}`,
    /** Before the name of a user: the list of the timeline, newest first (`lib/feeds/src/entries.ts`). */
    timelinePrefix: (shard: number) => `${inShard('timeline', shard)}:`,
    /** Before the name of a user: sorted set of followed accounts, highest score first, behind a mark (`lib/feeds/src/kept-order.ts`). */
    rankedPrefix: (shard: number) => `${inShard('ranked', shard)}:`,
    /** Hash: partition of the window's results → run of the ranker that may write to the rankings of the shard. */
    rankerShard: (shard: number) => inShard('ranker', shard),
    /** Hash: partition → RankerState as JSON. */
    ranker: `${under}:ranker`,
    /** Hash: how far fan-out has come (`lib/feeds/src/shard-state.ts`). */
    shard: (shard: number) => inShard('shard', shard),
    /** Hash: blocked account → since when, ms. */
    blocks: (user: string) => `${under}:blocks:${user}`,
    /** Hash: post that a user was shown → when, wall time in ms. */
    seen: (user: string) => `${under}:seen:${user}`,
    /** Sorted set: authors whose posts are merged at read, by id of their newest such post. */
    large: `${under}:large`,
    /** Hash: `unfanned`, id of the newest post that no timeline got because the mode was RankOnRead. */
    meta: `${under}:meta`,
    /** Counter: 1 while somebody makes ids as this worker. */
    worker: (worker: number) => `${under}:worker:${worker}`,
    /** Counter: epochs of owners of shards. */
    epoch: `${under}:epoch`,
  };
};
