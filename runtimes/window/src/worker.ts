import type { WindowProgram } from '@groundswell/graph';
import { type Batch, deadLetterOf, type Ports } from '@groundswell/stores';
import type { Windower, WindowerOptions } from '@groundswell/windowing';
import { keysOf, type SocialEvent } from '@groundswell/wire';
import { createIntake } from './intake.ts';
import { restore } from './restore.ts';
import type { Sink } from './sinks/sink.ts';
import type { PendingWrites } from './writes.ts';

/** Results between two writes. */
const maxUpserts = 20_000;

/** A windower with what leads to it and from it. Another one takes its place when partitions come back. */
export interface Worker {
  readonly windower: Windower<SocialEvent>;
  /** Partition → the next offset to read. */
  readonly positions: () => ReadonlyMap<number, bigint>;
  readonly eventTime: () => number | undefined;
  /** Takes records in; answers how many. */
  take(batches: readonly Batch[]): number;
  /** Writes what became due; answers how many results. */
  publish(): Promise<number>;
}

export interface WorkerParts {
  readonly options: WindowerOptions<SocialEvent>;
  readonly sinks: readonly Sink[];
  readonly writes: PendingWrites;
}

/** Goes on where the last checkpoint stands. */
export const startWorker = async (program: WindowProgram, ports: Ports, parts: WorkerParts): Promise<Worker> => {
  const { sinks, writes } = parts;
  const { clock, logger } = ports;
  const { windower, positions } = await restore(program, ports, parts.options);
  const watermarks = keysOf(program.pipeline).watermarks;
  let told = -Infinity;

  const intake = createIntake(windower, positions, {
    late: (record) => {
      if (program.lateTopic === undefined) return;
      const { key, value, headers, timestamp } = record;
      writes.send(program.lateTopic.name, { value, headers, timestamp, ...(key !== undefined && { key }) });
    },
    poison: (poison) => {
      const { partition, record, reason } = poison;
      logger.warn(
        { window: program.window, partition, offset: String(record.offset), reason },
        'dead-lettered a record',
      );
      writes.send(program.deadLetters.name, deadLetterOf(program.name, poison, clock.now()));
    },
  });
  const tellWatermark = (): void => {
    const watermark = windower.watermark();
    if (watermark === told || !Number.isFinite(watermark)) return;
    told = watermark;
    writes.commands().hashSet(watermarks, { [program.window]: String(watermark) });
  };
  const write = (upserts: ReturnType<typeof windower.fire>): number => {
    if (upserts.length > 0) for (const sink of sinks) sink.write(upserts, writes);
    return upserts.length;
  };
  return {
    windower,
    positions: intake.positions,
    eventTime: intake.eventTime,
    take: (batches) => {
      const records = intake.take(batches);
      windower.elapse(clock.now());
      return records;
    },
    publish: async () => {
      let results = 0;
      for (;;) {
        const fired = write(windower.fire(maxUpserts));
        results += fired;
        if (fired < maxUpserts) break;
        await writes.flush();
      }
      results += write(windower.heads());
      tellWatermark();
      await writes.flush();
      return results;
    },
  };
};
