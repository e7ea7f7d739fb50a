import { classOf, type Wait } from '../../connection/backoff.ts';

/**
 * The reconnect profile that X documents: at once, then 250 ms more each time up to 16 s after failures of the network; doubling
 * from 5 s up to 320 s after HTTP errors; doubling from a minute where there were too many requests.
 * Source: docs.x.com/x-api/fundamentals/handling-disconnections.
 */
export const xWait: Wait = (ending, { same }) => {
  switch (classOf(ending)) {
    case 'network':
      return Math.min(16_000, 250 * same);
    case 'http':
      return Math.min(320_000, 5_000 * 2 ** Math.min(same, 10));
    case 'rate':
      return Math.min(960_000, 60_000 * 2 ** Math.min(same, 10));
  }
};
