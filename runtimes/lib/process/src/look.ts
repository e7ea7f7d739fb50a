import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

const lookEveryMs = 1_000;

interface LookOptions {
  /** What is looked at, as the log names it: `API keys`. */
  readonly what: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Looks about once a second whether something of outside has changed, and takes it over.
 *
 * @param read  Answers whether it took over something new; where it cannot, it stays as it was, which is said once
 * @returns whether something changed with this look
 */
export const createLook = (
  read: () => Promise<boolean>,
  { what, clock, logger }: LookOptions,
): (() => Promise<boolean>) => {
  let lookedAt = clock.now();
  let problem: string | undefined;
  return async () => {
    if (clock.now() - lookedAt < lookEveryMs) return false;
    lookedAt = clock.now();
    try {
      const isChanged = await read();
      problem = undefined;
      if (isChanged) logger.info(`${what} were changed, and are in force`);
      return isChanged;
    } catch (err) {
      const { message } = err as Error;
      if (message !== problem) logger.error({ problem: message }, `${what} stay as they were`);
      problem = message;
      return false;
    }
  };
};
