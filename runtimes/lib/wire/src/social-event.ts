import { z } from 'zod';

/** What somebody did. `outcome` carries a final figure of a post (a label), never a feature. */
export const eventTypes = [
  'post',
  'repost',
  'quote',
  'reply',
  'like',
  'click',
  'view',
  'follow',
  'delete',
  'outcome',
] as const;

/** The account that acted, as far as the source says. Counts are of the moment of the event. */
export const Profile = z.strictObject({
  name: z.string().max(256).optional(),
  followers: z.number().min(0).optional(),
  following: z.number().min(0).optional(),
  posts: z.number().min(0).optional(),
  listed: z.number().min(0).optional(),
  favourites: z.number().min(0).optional(),
  verified: z.boolean().optional(),
  /** Milliseconds since the epoch. */
  created_at: z.number().optional(),
});

/**
 * One social action, normalised over all sources. Names are snake_case because users write them in CEL and in key templates.
 * `post_id` is always the root post, `author_id` its author, `user_id` who acts; for a `post`, author and user are the same.
 * A `follow` has no post: `post_id` is empty and `author_id` is who is followed.
 */
export const SocialEvent = z.strictObject({
  /** Unique over the source; repeats of it are dropped at ingest. */
  id: z.string().min(1).max(512),
  type: z.enum(eventTypes),
  /** Event time, milliseconds since the epoch. */
  at: z.number().int(),
  /** When ingest took it, milliseconds since the epoch. */
  ingested_at: z.number().int(),
  source: z.string().max(63),
  post_id: z.string().max(512),
  user_id: z.string().max(512),
  author_id: z.string().max(512),
  /** When the root post appeared, where the source says so, milliseconds since the epoch. */
  posted_at: z.number().int().optional(),
  /** What was directly replied to or reposted, where it is not the root. */
  parent_id: z.string().max(512).optional(),
  user: Profile.optional(),
  text: z.string().max(65_536).optional(),
  lang: z.string().max(35).optional(),
  tags: z.array(z.string().max(256)).max(64).optional(),
  links: z.number().int().min(0).optional(),
  media: z.number().int().min(0).optional(),
  mentions: z.number().int().min(0).optional(),
  /** Anything else that the source says about the action, for CEL. */
  attributes: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).optional(),
  /** Final figures that are known only in hindsight. Labels may read them; a feature that does is refused. */
  outcome: z.record(z.string(), z.number()).optional(),
  /** How many events it stands for, where its source is thinned out; absent: itself. Windows count it so many times. */
  weight: z.number().min(1).max(1_000_000).optional(),
});

export type EventType = (typeof eventTypes)[number];
export type Profile = z.output<typeof Profile>;
export type SocialEvent = z.output<typeof SocialEvent>;
