import type { ViralityPipeline } from '@groundswell/crds';
import type { MastodonReader } from '../../programs/index.ts';
import { secretOf } from './references.ts';

type Mastodon = NonNullable<ViralityPipeline['spec']['sources'][number]['mastodon']>;
type Instance = Mastodon['instances'][number];

const transports = { WebSocket: 'websocket', ServerSentEvents: 'sse' } as const;

export const mastodonOf = ({ instances, transport, heartbeatTimeout, backoff }: Mastodon): MastodonReader => ({
  kind: 'mastodon',
  instances: instances.map(({ url, tokenRef, ...streams }) => ({
    url,
    ...(tokenRef && { token: secretOf(tokenRef) }),
    ...streamOf(streams),
  })),
  transport: transports[transport],
  heartbeatTimeoutMs: heartbeatTimeout,
  backoff: { initialMs: backoff.initial, maxMs: backoff.max },
});

const streamOf = ({ public: all, hashtag, list }: Pick<Instance, 'public' | 'hashtag' | 'list'>) => {
  if (hashtag !== undefined)
    return { stream: hashtag.local ? ('hashtag:local' as const) : ('hashtag' as const), tag: hashtag.tag };
  if (list !== undefined) return { stream: 'list' as const, list: list.id };
  return { stream: all?.local === true ? ('public:local' as const) : ('public' as const) };
};
