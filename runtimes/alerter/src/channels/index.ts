import type { AlertChannel } from '@groundswell/graph';
import { alertmanagerChannel } from './alertmanager.ts';
import { type ChannelWorld, type Send, trying } from './channel.ts';
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

/** A channel that tries. */
export const createSend = (channel: AlertChannel, world: ChannelWorld): Send => {
  const send = senderOf(channel, world);
  return (message) => trying(() => send(message));
};
