import { z } from 'zod';

/** Entities of Mastodon's API, as far as they become events. Source: docs.joinmastodon.org/entities/Status. */
const Account = z.object({
  id: z.string(),
  acct: z.string(),
  url: z.string().nullish(),
  uri: z.string().nullish(),
  bot: z.boolean().nullish(),
  created_at: z.string().nullish(),
  followers_count: z.number().nullish(),
  following_count: z.number().nullish(),
  statuses_count: z.number().nullish(),
});

const shared = {
  id: z.string(),
  uri: z.string().min(1),
  created_at: z.string(),
  account: Account,
  content: z.string().nullish(),
  language: z.string().nullish(),
  spoiler_text: z.string().nullish(),
  in_reply_to_id: z.string().nullish(),
  tags: z.array(z.object({ name: z.string() })).nullish(),
  mentions: z.array(z.unknown()).nullish(),
  media_attachments: z.array(z.unknown()).nullish(),
  card: z.unknown().nullish(),
};
const Inner = z.object(shared);

export const Status = z.object({
  ...shared,
  reblog: Inner.nullish(),
  /** Since Mastodon 4.4. */
  quote: z.object({ quoted_status: Inner.nullish() }).nullish(),
});
export type Status = z.output<typeof Status>;
export type Account = z.output<typeof Account>;

/** What comes over either transport. */
export const Streamed = z.object({ event: z.string(), payload: z.unknown() });
