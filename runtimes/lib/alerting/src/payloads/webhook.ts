import type { Message } from '../message.ts';

/** Body for any web service. Additive: a reader leaves aside what it does not know. */
export const webhookPayload = ({ id, ...message }: Message, pipeline: string): object => ({
  type: 'alert',
  id,
  pipeline,
  ...message,
});
