import { slackPayload } from '@groundswell/alerting';
import type { AlertChannel } from '@groundswell/graph';
import type { ChannelWorld, Send } from './channel.ts';
import { httpPost } from './http-post.ts';

type Slack = Extract<AlertChannel, { readonly kind: 'slack' }>;

const timeoutMs = 10_000;

/** An incoming webhook: its address is the secret. */
export const slackChannel = ({ url: reference, form }: Slack, { values }: ChannelWorld): Send => {
  return async (message) => {
    const url = await values.read(reference);
    return httpPost({ url, body: JSON.stringify(slackPayload(message, form)), timeoutMs, secrets: [url] });
  };
};
