import type { Program } from '@groundswell/graph';
import type { Clock } from '@groundswell/process';

/** How often the mounted program is looked at for changes, ms. */
const lookEveryMs = 1_000;

/**
 * Answers the program once for each new revision of the file; a kubelet swaps mounted files without notice. A file that
 * cannot be read, or does not parse, is left alone until it can.
 */
export const followProgram = <P extends Program>(
  read: () => Promise<P>,
  current: P,
  clock: Clock,
): (() => Promise<P | undefined>) => {
  let { revision } = current;
  let lookedAt = clock.now();
  return async () => {
    if (clock.now() - lookedAt < lookEveryMs) return undefined;
    lookedAt = clock.now();
    const program = await read().catch(() => undefined);
    if (program === undefined || program.revision === revision) return undefined;
    ({ revision } = program);
    return program;
  };
};
