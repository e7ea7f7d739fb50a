import type { Answer } from '@groundswell/alerting';
import type { AlertChannel } from '@groundswell/graph';
import type { ChannelWorld } from './channel.ts';
import { httpPost } from './http-post.ts';
import { signed } from './signature.ts';

type Receiver = Omit<Extract<AlertChannel, { readonly kind: 'webhook' }>, 'kind' | 'name'>;

interface Told {
  readonly id: string;
  readonly body: string;
}

/** Posts to a webhook, signed where it has a key. */
export const postSigned = async (
  { url, signingKey, headers, timeoutMs }: Receiver,
  { id, body }: Told,
  { values, clock }: Pick<ChannelWorld, 'values' | 'clock'>,
): Promise<Answer> => {
  const key = signingKey && (await values.read(signingKey));
  return httpPost({
    url,
    body,
    headers: { ...headers, ...signed(id, body, { key, now: clock.now() }) },
    timeoutMs,
    secrets: key === undefined ? [] : [key],
  });
};
