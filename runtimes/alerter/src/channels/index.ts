import type { AlertChannel } from '@groundswell/graph';
import { alertmanagerChannel } from './alertmanager.ts';
import type { ChannelWorld, Send } from './channel.ts';
import { emailChannel } from './email.ts';
import { slackChannel } from './slack.ts';
import { webhookChannel } from './webhook.ts';

const senderOf = (channel: AlertChannel, world: ChannelWorld): Send => {
  switch (channel.kind) {
    case 'slack':
      return slackChannel(channel, world);
    case 'email':
      return emailChannel(channel, world);
    case 'webhook':
      return webhookChannel(channel, world);
    case 'alertmanager':
      return alertmanagerChannel(channel, world);
  }
};

/** A channel that tries: a secret that cannot be read is a failure that may pass. */
export const createSend = (channel: AlertChannel, world: ChannelWorld): Send => {
  const send = senderOf(channel, world);
  return async (message) => {
    try {
      return await send(message);
    } catch (error) {
      return { kind: 'failed', problem: error instanceof Error ? error.message : String(error) };
    }
  };
};
