import { WindowProgram } from '@groundswell/graph';
import type { Health, Report, Running } from '@groundswell/process';
import type { Ports, Producer } from '@groundswell/stores';
import type { Size } from '@groundswell/windowing';

import { ledgerOf } from './ledger.ts';
import { availableMemory, excessOf, limitsOf, sumOfSizes, useOf } from './limits.ts';
import { liveChange } from './live.ts';
import { createWindowMetrics } from './metrics.ts';
import { shardTopicOf } from './open-shards.ts';
import { openRekeyer } from './rekey/rekeyer.ts';
import { createSinks } from './sinks/create-sinks.ts';
import { windowerOptionsOf } from './windower-options.ts';
import { openWorker, type Restored } from './worker.ts';

/** Records of one step. */
const maxRecords = 20_000;
/** Where input comes from two sides, each is waited for so long at a time, ms. */
const sideWaitMs = 20;

/** Reads, sends on by key where that is needed, aggregates, publishes; for the partitions that this worker is given. */
export const createWindow = async (initial: WindowProgram, ports: Ports, producer: Producer): Promise<Running> => {
  let program = initial;
  let [records, results] = [0, 0];
  const metrics = createWindowMetrics(ports.metrics, program.window);
  const { rekey } = program;
  const available = availableMemory();
  const worker = await openWorker(program, {
    ...{ ports, producer },
    options: () => aggregatingOptionsOf(program),
    current: () => program,
    onOpened: (shards) => metrics.begin({ shards, lanes: rekey && new Map() }),
  });
  const rekeyer =
    rekey &&
    (await openRekeyer({
      ...{ program, rekeyedTopic: rekey.topic.name, ports, producer, options: windowerOptionsOf(program) },
      onOpened: (lanes) => metrics.begin({ shards: [], lanes }),
    }));
  const { consumer } = worker.assignment;

  /** Waits for whichever side has input; those of one step are taken together. */
  const poll = async (maxWaitMs: number): Promise<number> => {
    if (rekeyer === undefined) return worker.take(await consumer.poll({ maxRecords, maxWaitMs }));
    const wait = Math.min(maxWaitMs, sideWaitMs);
    const passed = await rekeyer.pass(await rekeyer.assignment.consumer.poll({ maxRecords, maxWaitMs: wait }));
    return passed + worker.take(await consumer.poll({ maxRecords, maxWaitMs: passed > 0 ? 0 : wait }));
  };
  const size = () => sumOfSizes(worker.shards().map(({ windower }) => windower.size()));
  const excess = () => excessOf(size(), limits());
  const limits = () => limitsOf(program, available);
  /** Nothing is taken, but what is due to the group is done: it may take shards away, and there is room again. */
  const stand = async (maxWaitMs: number): Promise<number> => {
    if (rekeyer !== undefined) await rekeyer.assignment.consumer.poll({ maxRecords: 0, maxWaitMs: 0 });
    return worker.take(await consumer.poll({ maxRecords: 0, maxWaitMs }));
  };
  const facts = () => ({
    shards: worker.shards(),
    lanes: rekeyer?.ledgers(),
    upserts: results,
    use: useOf(size(), limits()),
    restored: worker.restored(),
    now: ports.clock.now(),
  });
  const watermark = (): number => Math.min(...worker.shards().map(({ windower }) => windower.watermark()));
  const health = (): Health => {
    const tooMuch = excess();
    if (tooMuch !== undefined) return { kind: 'stalled', reason: 'StateFull', message: tooMuch };
    return worker.assignment.partitions().length > 0
      ? { kind: 'ready' }
      : { kind: 'waiting', reason: 'NotAssigned', message: `Waits for the partitions of "${shardTopicOf(program)}"` };
  };

  return {
    name: program.name,
    step: async ({ maxWaitMs }) => {
      const taken = await (excess() === undefined ? poll(maxWaitMs) : stand(maxWaitMs));
      await worker.recover();
      records += taken;
      results += await worker.publish();
      metrics.observe(facts, ports.clock.now());
      return taken;
    },
    save: async () => {
      // A lane first: what it has sent on is found again by whoever goes on, twice if need be.
      await rekeyer?.save();
      metrics.saved(await worker.save());
      metrics.tell(facts());
    },
    stop: async () => {
      await consumer.close();
      await rekeyer?.assignment.consumer.close();
      await producer.close();
    },
    saveEveryMs: () => program.saveEveryMs,
    update: async (changed) => {
      const next = WindowProgram.parse(changed);
      const change = liveChange(program, next);
      if (change === undefined) return false;
      program = next;
      for (const shard of worker.shards()) {
        change(shard.windower);
        shard.writeTo(createSinks(next, ports.clock));
      }
      return true;
    },
    health,
    report: (): Report => {
      const reached = watermark();
      const eventTime = Math.max(
        rekeyer?.eventTime() ?? -Infinity,
        ...worker.shards().map(({ intake }) => intake.eventTime()),
      );
      return {
        records,
        watermark: Number.isFinite(reached) ? reached : undefined,
        eventTime: Number.isFinite(eventTime) ? eventTime : undefined,
        ledger: ledgerOf(worker.shards(), rekeyer?.ledgers()),
        produced: { 'windows fired': results },
        state: stateOf(size(), worker.restored()),
      };
    },
  };
};

const stateOf = ({ keys, bytes }: Size, restored: Restored | undefined): NonNullable<Report['state']> => ({
  ...{ keys, bytes },
  ...(restored !== undefined && { restoreMs: restored.ms, restoredKeys: restored.keys }),
});

/** Conditions are for those who send on: what has come to a shard counts. */
const aggregatingOptionsOf = (program: WindowProgram): ReturnType<typeof windowerOptionsOf> => {
  const options = windowerOptionsOf(program);
  return program.rekey === undefined ? options : { ...options, where: undefined };
};
