import type { Answer, Message } from '@groundswell/alerting';
import type { AlertRule } from '@groundswell/graph';
import type { Clock, Values } from '@groundswell/process';

/** Sends one message. Does not throw for what a receiver does; secrets are read anew with each. */
export type Send = (message: Message) => Promise<Answer>;

export interface ChannelWorld {
  readonly pipeline: string;
  readonly values: Values;
  readonly clock: Clock;
  readonly rules: readonly AlertRule[];
}
