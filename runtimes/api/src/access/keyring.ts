import type { Clock, Logger } from '@groundswell/process';
import { type Keys, parseKeys } from './keys.ts';

/** The keys in force, which follow the Secret: who changes it needs no restart. */
export interface Keyring {
  /** Undefined where the pipeline declares none. */
  keys(): Keys | undefined;
  /** Looks whether they were changed, about once a second. What cannot be read leaves those before in force. */
  look(): Promise<void>;
}

interface KeyringOptions {
  /** The text of the list. */
  readonly read: (() => Promise<string>) | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

const lookEveryMs = 1_000;

/** @throws Error where there is no list, or it is not right: an API whose keys are not known lets nobody in */
export const openKeyring = async ({ read, clock, logger }: KeyringOptions): Promise<Keyring> => {
  if (read === undefined) return { keys: () => undefined, look: async () => undefined };
  let text = await read();
  let keys = parseKeys(text);
  let lookedAt = clock.now();
  let problem: string | undefined;

  const follow = async (): Promise<void> => {
    const newest = await read();
    if (newest === text) return;
    keys = parseKeys(newest);
    text = newest;
    logger.info('API keys were changed, and are in force');
  };

  return {
    keys: () => keys,
    look: async () => {
      if (clock.now() - lookedAt < lookEveryMs) return;
      lookedAt = clock.now();
      try {
        await follow();
        problem = undefined;
      } catch (err) {
        const { message } = err as Error;
        if (message !== problem) logger.error({ problem: message }, 'API keys stay as they were');
        problem = message;
      }
    },
  };
};
