import { type Message, webhookPayload } from '@groundswell/alerting';
import type { AlertChannel } from '@groundswell/graph';
import type { ChannelWorld, Send } from './channel.ts';
import { httpPost } from './http-post.ts';
import { signed } from './signature.ts';

type Webhook = Extract<AlertChannel, { readonly kind: 'webhook' }>;

export const webhookChannel = (
  { url, signingKey, headers, timeoutMs }: Webhook,
  { pipeline, values, clock }: ChannelWorld,
): Send => {
  return async (message: Message) => {
    const key = signingKey && (await values.read(signingKey));
    const body = JSON.stringify(webhookPayload(message, pipeline));
    return httpPost({
      url,
      body,
      headers: { ...headers, ...signed(message.id, body, { key, now: clock.now() }) },
      timeoutMs,
      secrets: key === undefined ? [] : [key],
    });
  };
};
