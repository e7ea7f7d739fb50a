import { webhookPayload } from '@groundswell/alerting';
import type { AlertChannel } from '@groundswell/graph';
import type { ChannelWorld, Send } from './channel.ts';
import { postSigned } from './post-signed.ts';

type Webhook = Extract<AlertChannel, { readonly kind: 'webhook' }>;

export const webhookChannel =
  (webhook: Webhook, world: ChannelWorld): Send =>
  (message) =>
    postSigned(webhook, { id: message.id, body: JSON.stringify(webhookPayload(message, world.pipeline)) }, world);
