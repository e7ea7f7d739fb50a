import type { Answer, Message } from '@groundswell/alerting';
import type { AlertRule } from '@groundswell/graph';
import type { Clock, Values } from '@groundswell/process';

/** Sends one message. Does not throw for what a receiver does; secrets are read anew with each. */
export type Send = (message: Message) => Promise<Answer>;

/** A secret that cannot be read is a failure that may pass. */
export const trying = async (send: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await send();
  } catch (error) {
    return { kind: 'failed', problem: error instanceof Error ? error.message : String(error) };
  }
};

export interface ChannelWorld {
  readonly pipeline: string;
  readonly values: Values;
  readonly clock: Clock;
  readonly rules: readonly AlertRule[];
}
