import type { Logger } from '@groundswell/process';
import { ProtocolError } from '../oip/status.ts';

/** What the client is told of an error. One that nobody foresaw is logged, and told without its words. */
export const errorOf = (error: unknown, logger: Logger): ProtocolError => {
  if (error instanceof ProtocolError) return error;
  logger.error({ err: error }, 'request failed');
  return new ProtocolError('Internal', 'Cannot answer: something went wrong here, the log of the server says what', {
    cause: error,
  });
};
