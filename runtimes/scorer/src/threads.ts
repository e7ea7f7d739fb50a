import { availableParallelism } from 'node:os';

/**
 * Threads of one run, by the processors that this process may use (its CPU limit, in a container): half of them. The other
 * half reads and writes requests meanwhile; with two processors, a second thread only takes turns with the first.
 */
export const threadsOf = (processors: number = availableParallelism()): number =>
  Math.max(1, Math.floor(processors / 2));
