import { afterAll, beforeAll, describe } from 'vitest';
import type { Log } from '../log.ts';
import { groupsContract } from './log-groups.ts';
import { positionsContract } from './log-positions.ts';
import { recordsContract } from './log-records.ts';

/** What holds for every adapter of the log port. `makeLog` is called once. */
export const logContract = (name: string, makeLog: () => Promise<Log>): void => {
  describe(name, () => {
    let made: Log | undefined;
    const log = (): Log => {
      if (made === undefined) throw new Error('Cannot use the log: it was not made yet');
      return made;
    };
    beforeAll(async () => {
      made = await makeLog();
    });
    afterAll(() => made?.close());

    recordsContract(log);
    positionsContract(log);
    groupsContract(log);
  });
};
