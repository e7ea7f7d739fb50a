import { type Clock, createLook, type Logger } from '@groundswell/process';
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

/** @throws Error where there is no list, or it is not right: an API whose keys are not known lets nobody in */
export const openKeyring = async ({ read, clock, logger }: KeyringOptions): Promise<Keyring> => {
  if (read === undefined) return { keys: () => undefined, look: async () => undefined };
  let text = await read();
  let keys = parseKeys(text);

  const follow = async (): Promise<boolean> => {
    const newest = await read();
    if (newest === text) return false;
    keys = parseKeys(newest);
    text = newest;
    return true;
  };
  const look = createLook(follow, { what: 'API keys', clock, logger });
  return {
    keys: () => keys,
    look: async () => {
      await look();
    },
  };
};
