import type { IngestProgram } from '@groundswell/graph';
import { createValues } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { expect, onTestFinished } from 'vitest';
import type { IngestRunning } from '../ingest.ts';
import { startIngest } from '../start.ts';
import { eventsOf, type HandClock, programOf, testPorts } from './support.ts';

/** A source that is followed with a clock in the hand of the test. */
export interface Following {
  readonly ports: Ports;
  start(
    reader: IngestProgram['source']['reader'],
    changes?: Partial<Omit<IngestProgram, 'source'>>,
  ): Promise<IngestRunning>;
  /** The clock goes on by 50 ms (or `stepMs`) with every step, so that waits and silences pass without anybody sleeping through them. */
  stepUntil(running: IngestRunning, isDone: () => boolean | Promise<boolean>, stepMs?: number): Promise<void>;
  ids(): Promise<readonly string[]>;
}

export const createFollowing = async (
  clock: HandClock,
  env: Readonly<Record<string, string>> = {},
): Promise<Following> => {
  const ports = await testPorts(1, clock);
  return {
    ports,
    start: async (reader, changes) => {
      const values = createValues({ directories: [], env });
      const options = { directory: '.', values, world: { random: () => 1 } };
      const running = await startIngest(programOf(reader, changes), ports, options);
      onTestFinished(() => running.stop());
      return running;
    },
    stepUntil: async (running, isDone, stepMs = 50) => {
      for (let steps = 0; steps < 4000 && !(await isDone()); steps++) {
        await running.step({ maxWaitMs: 3 });
        clock.set(clock.now() + stepMs);
      }
      expect(await isDone()).toBe(true);
    },
    ids: async () => (await eventsOf(ports)).map(({ id }) => id),
  };
};
