import { z } from 'zod';

/** Objects of X's API v2, as far as they become events. Source: docs.x.com/x-api/fundamentals/data-dictionary. */
export const User = z.object({
  id: z.string(),
  username: z.string().optional(),
  created_at: z.string().optional(),
  verified: z.boolean().optional(),
  public_metrics: z
    .object({
      followers_count: z.number(),
      following_count: z.number(),
      tweet_count: z.number(),
      listed_count: z.number(),
    })
    .partial()
    .optional(),
});

const Entities = z.object({
  hashtags: z.array(z.object({ tag: z.string() })).optional(),
  cashtags: z.array(z.object({ tag: z.string() })).optional(),
  urls: z.array(z.unknown()).optional(),
  mentions: z.array(z.unknown()).optional(),
});

export const Post = z.object({
  id: z.string().regex(/^\d+$/),
  author_id: z.string(),
  text: z.string().optional(),
  created_at: z.string().optional(),
  conversation_id: z.string().optional(),
  in_reply_to_user_id: z.string().optional(),
  lang: z.string().optional(),
  entities: Entities.optional(),
  attachments: z.object({ media_keys: z.array(z.string()).optional() }).optional(),
  referenced_tweets: z.array(z.object({ type: z.string(), id: z.string() })).optional(),
  public_metrics: z.record(z.string(), z.number()).optional(),
});
export type Post = z.output<typeof Post>;
export type User = z.output<typeof User>;

export const Delivered = z.object({
  data: Post,
  includes: z.object({ users: z.array(User).optional(), tweets: z.array(Post).optional() }).optional(),
  matching_rules: z.array(z.object({ id: z.string(), tag: z.string().optional() })).optional(),
});
export type Delivered = z.output<typeof Delivered>;

/** What X says in the stream before it ends it. */
export const Notice = z.object({
  errors: z
    .array(
      z.object({ title: z.string().optional(), disconnect_type: z.string().optional(), detail: z.string().optional() }),
    )
    .min(1),
});

const Subject = z.object({ tweet: z.object({ id: z.string(), author_id: z.string() }), event_at: z.string() });

/** Of the compliance stream: what to forget. */
export const Compliance = z.object({ data: z.object({ delete: Subject.optional(), drop: Subject.optional() }) });

/** Everything that an event is made of: X sends only ids unless it is asked for more. */
export const postQuery = {
  'tweet.fields':
    'attachments,author_id,conversation_id,created_at,entities,in_reply_to_user_id,lang,public_metrics,referenced_tweets',
  expansions: 'author_id,referenced_tweets.id,referenced_tweets.id.author_id',
  'user.fields': 'created_at,public_metrics,username,verified',
} as const;
