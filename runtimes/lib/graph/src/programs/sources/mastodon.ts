import { z } from 'zod';
import { Millis } from '../program.ts';
import { ValueReference } from '../value-reference.ts';

/** Timelines of Mastodon instances, as they stream them. */
export const MastodonReader = z.strictObject({
  kind: z.literal('mastodon'),
  instances: z
    .array(
      z.strictObject({
        url: z.string(),
        token: ValueReference.optional(),
        /** `public`, `public:local`, `hashtag`, `hashtag:local`, `list`: names of Mastodon's own. */
        stream: z.enum(['public', 'public:local', 'hashtag', 'hashtag:local', 'list']),
        tag: z.string().optional(),
        list: z.string().optional(),
      }),
    )
    .min(1),
  transport: z.enum(['websocket', 'sse']),
  heartbeatTimeoutMs: Millis,
  backoff: z.strictObject({ initialMs: Millis, maxMs: Millis }),
});
export type MastodonReader = z.output<typeof MastodonReader>;
