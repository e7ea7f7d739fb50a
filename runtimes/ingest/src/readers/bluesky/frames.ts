import { z } from 'zod';

/** What Jetstream sends for one change of the network. Source: github.com/bluesky-social/jetstream, README, wire version 1. */
export const Frame = z.object({
  did: z.string().min(1),
  /** When the instance took it, µs since the epoch; also the cursor. */
  time_us: z.int().positive(),
  kind: z.string(),
  commit: z
    .object({
      operation: z.enum(['create', 'update', 'delete']),
      collection: z.string(),
      rkey: z.string().min(1),
      /** Absent in a delete. */
      record: z.unknown().optional(),
    })
    .optional(),
});
export type Frame = z.output<typeof Frame>;

/**
 * The same of wire version 2, `network.bsky.jetstream.subscribeEvents`. Source: its lexicon in
 * github.com/bluesky-social/jetstream.
 */
export const EventFrame = z.discriminatedUnion('$type', [
  z.object({
    $type: z.literal('message'),
    payload: z.object({
      $type: z.string(),
      did: z.string().min(1).optional(),
      /** RFC 3339, to the µs. */
      time: z
        .string()
        .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
        .optional(),
      operation: z.unknown().optional(),
      collection: z.unknown().optional(),
      rkey: z.unknown().optional(),
      record: z.unknown().optional(),
      /** Of `#info`. */
      name: z.string().optional(),
      message: z.string().optional(),
    }),
  }),
  /** The last one of a connection. */
  z.object({ $type: z.literal('error'), error: z.string(), message: z.string().optional() }),
]);
export type EventFrame = z.output<typeof EventFrame>;

const StrongRef = z.object({ uri: z.string() });

/** A tag, a link or a mention within a text. */
const Facet = z.object({
  features: z.array(z.object({ $type: z.string().optional(), tag: z.string().optional() })),
});

/** Pictures, a video, a link card, a quoted record, or a quoted record with one of the others. */
const Embed = z.object({
  $type: z.string().optional(),
  images: z.array(z.unknown()).optional(),
  video: z.unknown().optional(),
  external: z.unknown().optional(),
  record: z.object({ uri: z.string().optional(), record: StrongRef.optional() }).optional(),
  media: z
    .object({
      images: z.array(z.unknown()).optional(),
      video: z.unknown().optional(),
      external: z.unknown().optional(),
    })
    .optional(),
});

/** The records that become events: lexicons app.bsky.feed.post, .repost, .like and app.bsky.graph.follow. */
export const PostRecord = z.object({
  text: z.string(),
  langs: z.array(z.string()).optional(),
  tags: z.array(z.string()).optional(),
  facets: z.array(Facet).optional(),
  embed: Embed.optional(),
  reply: z.object({ root: StrongRef, parent: StrongRef }).optional(),
});
export type PostRecord = z.output<typeof PostRecord>;

export const SubjectRecord = z.object({ subject: StrongRef });
export const FollowRecord = z.object({ subject: z.string().min(1) });
