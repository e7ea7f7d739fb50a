import { createLogger, createValues } from '@groundswell/process';
import { createMemoryLog } from '@groundswell/stores/embedded';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPushDoors } from '../../push-doors.ts';
import type { SourceReader } from '../../source-reader.ts';
import { generatorOf, handClock } from '../../test/support.ts';
import { openGenerator } from './reader.ts';

// So busy that several events arrive in the same millisecond, where a cursor has to count.
const busy = generatorOf({ postsPerHour: 2_000_000, durationMs: 2000, tickMs: 10, authors: 20 });
const open = (from?: unknown): SourceReader => {
  const clock = handClock();
  const world = {
    clock,
    sleep: clock.sleep,
    logger: createLogger('test', 'silent'),
    random: () => 0,
    openSocket: () => expect.fail('the generator opens no connection'),
    resolvePath: (path: string) => path,
    values: createValues({ directories: [], env: {} }),
    doors: createPushDoors(),
    log: createMemoryLog({ clock }),
  };
  return openGenerator({ reader: busy, source: 'demo' }, world, from);
};
const idsOf = async (reader: SourceReader, calls = Number.POSITIVE_INFINITY): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let call = 0; call < calls; call++) {
    const { rows, done } = await reader.next(0);
    if (done) break;
    ids.push(...rows.map((row) => (row.kind === 'event' ? row.event.id : row.reason)));
  }
  return ids;
};

test('a generator that is opened with a cursor gives what follows, to the event', async () => {
  const whole = await idsOf(open());
  await fc.assert(
    fc.asyncProperty(fc.nat(250), async (calls) => {
      const first = open();
      const before = await idsOf(first, calls);
      const after = await idsOf(open(JSON.parse(JSON.stringify(first.cursor()))));
      expect([...before, ...after]).toEqual(whole);
    }),
    { numRuns: 25 },
  );
});
