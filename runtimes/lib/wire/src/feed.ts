import { z } from 'zod';

/** Of a user, an author or an account: they are the same kind of thing. */
const userId = () => z.string().min(1).max(512);

/** As `lib/feeds/src/ids.ts` describes it, as text. */
const postId = () => z.string().regex(/^\d{1,16}$/);

/** A post as it is accepted, saved and answered. */
export const FeedPost = z.strictObject({
  post_id: postId(),
  author_id: userId(),
  text: z.string().max(65_536),
  tags: z.array(z.string().min(1).max(64)).max(64).optional(),
  lang: z.string().max(35).optional(),
  at: z.number().int().describe('When it was accepted, wall time in ms: latencies count from here.'),
});

/** A record of the topic of posts, with the author as its key. */
export const PostRecord = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('post'), post: FeedPost }),
  z.strictObject({ kind: z.literal('delete'), post_id: postId(), author_id: userId(), at: z.number().int() }),
]);

/** A record of the topic of fan-outs: one post for the followers of one shard. */
export const FanOutJob = z.strictObject({
  post_id: postId(),
  author_id: userId(),
  shard: z.number().int().min(0),
  followers: z.number().int().min(0).describe('How many there were when it was planned.'),
  at: z.number().int().describe('As of the post.'),
  origin: z
    .tuple([z.number().int(), z.string().regex(/^\d+$/)])
    .describe('Partition and offset of the post: names the job, however often it was planned.'),
});

/** What keeps rankings up to date, for one partition of the window's results. */
export const RankerState = z.strictObject({
  formula: z.string().describe('What scores are made by.'),
  run: z.number().int().describe('Greater with everyone who takes it over, and with each formula.'),
  until: z.number().int().describe('Wall time in ms up to which it answers for them.'),
  partitions: z.number().int().min(1).describe('How many there are.'),
});

/** `POST /v1/posts`. */
export const NewPost = FeedPost.omit({ post_id: true, at: true });

/** `GET /v1/posts`. */
export const FeedPosts = z.strictObject({ posts: z.array(FeedPost) });

/** `POST /v1/follows`. */
export const NewFollow = z.strictObject({ user_id: userId(), followed_id: userId() });

/** `POST /v1/blocks`. */
export const NewBlock = z.strictObject({ user_id: userId(), blocked_id: userId() });

/** `POST /v1/clicks`. */
export const NewClick = z.strictObject({ user_id: userId(), post_id: z.string().max(32) });

/** `GET /v1/timelines/{user}`. */
export const TimelinePage = z.strictObject({
  feed: z.string(),
  user_id: z.string(),
  posts: z.array(FeedPost).describe('Newest first.'),
  next_cursor: z.string().nullable().describe('What to pass as `cursor` for older ones; null at the end.'),
});

/** `GET /v1/ranked/{user}`. */
export const RankedFeed = z.strictObject({
  feed: z.string(),
  user_id: z.string(),
  /** Highest score first. */
  accounts: z.array(
    z.strictObject({
      author_id: z.string(),
      score: z.number(),
      posts: z.array(FeedPost).describe('Newest first.'),
    }),
  ),
});

export type RankerState = z.output<typeof RankerState>;
export type RankedFeed = z.output<typeof RankedFeed>;
export type FeedPost = z.output<typeof FeedPost>;
export type PostRecord = z.output<typeof PostRecord>;
export type FanOutJob = z.output<typeof FanOutJob>;
export type NewPost = z.output<typeof NewPost>;
export type TimelinePage = z.output<typeof TimelinePage>;
