import { setTimeout } from 'node:timers/promises';
import { createLogger } from '@groundswell/process';

/** Addresses of a server that `test/stores/run.ts` has started, or that the user has given. */
export const addressesOf = (variable: string): readonly string[] => {
  const given = process.env[variable] ?? '';
  if (given === '')
    throw new Error(`Cannot test the stores: ${variable} is not set, start the tests by make test-stores`);
  return given.split(',');
};

/** A server's clock is not in our hand, so its time is waited for. */
export const pass = (ms: number): Promise<void> => setTimeout(ms);

export const logger = createLogger('test-stores', process.env['LOG_LEVEL'] ?? 'silent');
