import { WindowProgram } from '@groundswell/graph';
import { createMetrics, createStages, type Health, type Report, type Running } from '@groundswell/process';
import type { Ports, Producer } from '@groundswell/stores';
import type { Size } from '@groundswell/windowing';

import type { Joining } from './join/joining.ts';
import { createTables, type Tables } from './join/tables.ts';
import { ledgerOf } from './ledger.ts';
import { availableMemory, excessOf, type Held, limitsOf, sumOfSizes, surplusOf, useOf } from './limits.ts';
import { liveChange } from './live.ts';
import { createWindowMetrics } from './metrics.ts';
import { type Seat, shardTopicOf } from './open-shards.ts';
import { createPassage } from './passage.ts';
import { openRekeyer, type Rekeyer } from './rekey/rekeyer.ts';
import { createLeave } from './revisions/leave.ts';
import type { Belongings } from './revisions/revision.ts';
import { isSameRole, type Other, type Role, sinksFor } from './revisions/role.ts';
import type { Shard } from './shard.ts';
import { windowerOptionsOf } from './windower-options.ts';
import { openWorker, type Restored } from './worker.ts';

/** Records of one step. */
const maxRecords = 20_000;
/** Where input comes from two sides, each is waited for so long at a time, ms. */
const sideWaitMs = 20;

/** What a revision does among those of its window. */
export interface Part {
  readonly role: Role;
  /** Of one that was in force before: what is now. Of one in force: what was before, while that is kept. */
  readonly other: Other | undefined;
  /** Whether it tells of what is late, and of what cannot be used. */
  readonly tells: boolean;
  /** Whether it sends events on by key, where that is needed: of revisions that read the same, one does. */
  readonly sends: boolean;
}

/** It was in force, and another one is now. */
const isBefore = ({ role, other }: Part): boolean => !role.declared && other !== undefined;

/** One revision of a window in this process: its state, and what leads to it and from it. */
export interface Engine extends Running {
  /** Does this from now on. Between steps only. */
  play(part: Part): Promise<void>;
  part(): Part;
  partitions(): readonly number[];
  /** Those of which all results are where they should be, once they are published. */
  settled(): readonly number[];
  /** How many there are, of all workers. */
  count(): number;
  size(): Size;
  /** Nobody goes on from its state. */
  forget(): Promise<void>;
}

export interface EngineOptions {
  readonly producer: Producer;
  readonly own: Belongings;
  readonly from: 'start' | 'end';
  readonly part: Part;
  /** What it is to do as far as anybody knows, also before it is told to. */
  readonly ask: () => Promise<Part>;
  /** What the others in this process hold, which share its memory. */
  readonly others: () => Size;
}

/** Reads, sends on by key where that is needed, aggregates, publishes; for the partitions that this worker is given. */
export const createWindow = async (initial: WindowProgram, ports: Ports, engine: EngineOptions): Promise<Engine> => {
  let program = initial;
  let { part } = engine;
  let [records, results, evicted] = [0, 0, 0];
  const { producer, own, from, others } = engine;
  const sinksOf = ({ role, other }: Part) =>
    sinksFor(program, { role, prefix: own.prefix, before: other?.program, clock: ports.clock });
  const seat: Seat = {
    own,
    from,
    ask: async () => {
      const asked = await engine.ask();
      return { sinks: sinksOf(asked), role: asked.role };
    },
    tells: () => part.tells,
  };
  /** Shards whose results are still where the one in force writes now. */
  const leaving = new Set<Shard>();
  // Of several, the one in force is shown.
  const openMetrics = () => {
    const registry = part.role.declared ? ports.metrics : createMetrics();
    return createWindowMetrics(registry, initial.window, { upserts: results, evicted });
  };
  let metrics = openMetrics();
  const passage = createPassage(createStages({ ...ports, program }), program.window, ports);
  const { rekey } = program;
  const available = availableMemory();
  const tables = createTables(program, ports);
  const worker = await openWorker(program, {
    ...{ ports, producer, tables, seat },
    options: () => aggregatingOptionsOf(program),
    current: () => program,
    onOpened: (shards) => {
      metrics.begin({ shards, lanes: rekey && new Map() });
      if (isBefore(part)) for (const shard of shards) leaving.add(shard);
    },
  });
  const startSending = async (): Promise<Rekeyer | undefined> =>
    rekey &&
    openRekeyer({
      ...{ program, rekeyedTopic: rekey.topic.name, ports, producer, tables, seat },
      options: windowerOptionsOf(program),
      onOpened: (lanes) => metrics.begin({ shards: [], lanes }),
    });
  let rekeyer = part.sends ? await startSending() : undefined;
  const { consumer } = worker.assignment;

  /** Waits for whichever side has input; those of one step are taken together. */
  const poll = async (maxWaitMs: number): Promise<number> => {
    if (rekeyer === undefined) return worker.take(passage.enter(await consumer.poll({ maxRecords, maxWaitMs })));
    const wait = Math.min(maxWaitMs, sideWaitMs);
    const batches = await rekeyer.assignment.consumer.poll({ maxRecords, maxWaitMs: wait });
    const passed = await rekeyer.pass(batches);
    passage.sentOn(batches);
    return passed + worker.take(passage.enter(await consumer.poll({ maxRecords, maxWaitMs: passed > 0 ? 0 : wait })));
  };
  const joinings = (): readonly Joining[] => [
    ...worker.shards().flatMap(({ joining }) => joining ?? []),
    ...(rekeyer?.joinings() ?? []),
  ];
  const save = async (): Promise<void> => {
    // A lane first: what it has sent on is found again by whoever goes on, twice if need be.
    await rekeyer?.save();
    metrics.saved(await worker.save());
    tables?.settle(rekeyer?.watermark() ?? watermark());
  };
  /** Decides which rows events see from now on. Where nobody else can go on, nothing has to be saved before. */
  const look = async (): Promise<void> => {
    if (tables?.areReady() !== true) return;
    const all = joinings();
    if (ports.alone !== true) {
      if (!all.every((joining) => joining.isSet())) await save();
      return;
    }
    for (const joining of all) joining.set(joining.next(ports.clock.now(), 0n));
    tables.settle(watermark());
  };
  /** With the rows that tables have by now. */
  const pollJoined = async (joined: Tables, maxWaitMs: number): Promise<number> => {
    // What it is given to do says which versions of the tables are needed, if any: events may come here with their rows.
    const early = joinings().length === 0 ? await poll(maxWaitMs) : 0;
    if (joinings().length === 0) return early;
    const read = early + (await joined.read(maxWaitMs));
    if (!joined.areReady() || joined.excess() !== undefined) return read + (await stand(0));
    await look();
    const taken = await poll(read > 0 ? 0 : maxWaitMs);
    // What was taken may have ended the time for which others wait.
    await look();
    return read + taken + worker.take([]);
  };
  const size = () => sumOfSizes(worker.shards().map(({ windower }) => windower.size()));
  const held = (): Held => {
    const own = size();
    // Memory is shared: whoever is not in force is the one that is too much.
    const { bytes, used } = part.role.declared ? own : sumOfSizes([own, others()]);
    const tableBytes = (tables?.facts() ?? []).reduce((sum, table) => sum + table.bytes, 0);
    // Whoever lets go of keys goes by what is in use: the rest is used again.
    return { keys: own.keys, bytes: program.limits?.evicts === true ? used : bytes, used, tableBytes };
  };
  const excess = () => excessOf(held(), limits());
  const limits = () => limitsOf(program, available);
  /** Nothing is taken, but what is due to the group is done: it may take shards away, and there is room again. */
  const stand = async (maxWaitMs: number): Promise<number> => {
    if (rekeyer !== undefined) await rekeyer.assignment.consumer.poll({ maxRecords: 0, maxWaitMs: 0 });
    return worker.take(await consumer.poll({ maxRecords: 0, maxWaitMs }));
  };
  /** Lets go of keys where the resource says so. It is saved before anybody hears of it: whoever goes on from here has let go of the same. */
  const makeRoom = async (): Promise<void> => {
    const share = program.limits?.evicts === true ? surplusOf(held(), limits()) : 0;
    if (share === 0) return;
    const gone = worker
      .shards()
      .reduce((sum, shard) => sum + shard.evict(Math.ceil(shard.windower.size().keys * share)), 0);
    if (gone === 0) return;
    evicted += gone;
    ports.logger.warn({ window: program.window, keys: gone }, 'evicted the keys that were silent for longest');
    if (ports.alone !== true) await save();
  };
  const take = (maxWaitMs: number) => (tables === undefined ? poll(maxWaitMs) : pollJoined(tables, maxWaitMs));
  const facts = () => ({
    shards: worker.shards(),
    lanes: rekeyer?.ledgers(),
    upserts: results,
    use: useOf(held(), limits()),
    evicted,
    restored: worker.restored(),
    tables: tables?.facts() ?? [],
    waiting: joinings().reduce((sum, joining) => sum + joining.waiting(), 0),
    now: ports.clock.now(),
  });
  const watermark = (): number => Math.min(...worker.shards().map(({ windower }) => windower.watermark()));
  const health = (): Health => {
    const tooMuch = excess();
    if (tooMuch !== undefined) return { kind: 'stalled', reason: 'StateFull', message: tooMuch };
    const tooMany = tables?.excess();
    if (tooMany !== undefined) return { kind: 'stalled', reason: 'TableFull', message: tooMany };
    if (tables?.areReady() === false && joinings().length > 0)
      return {
        kind: 'waiting',
        reason: 'TableNotRead',
        message: 'Waits until the tables that it joins are read to their end',
      };
    return worker.assignment.partitions().length > 0
      ? { kind: 'ready' }
      : { kind: 'waiting', reason: 'NotAssigned', message: `Waits for the partitions of "${shardTopicOf(program)}"` };
  };

  const stopSending = async (): Promise<void> => {
    await rekeyer?.save();
    await rekeyer?.assignment.consumer.close();
    rekeyer = undefined;
  };
  const writeTo = (): void => {
    for (const shard of worker.shards()) shard.writeTo(sinksOf(part));
  };
  const leave = async (): Promise<void> => {
    const { other } = part;
    // One that is behind where it was does not know yet of all that was written.
    const here = worker.shards().filter((one) => leaving.has(one) && one.windower.watermark() >= one.toldBefore);
    for (const shard of here) leaving.delete(shard);
    if (other === undefined || here.length === 0) return;
    const taken = createLeave(program, other, ports);
    for (const shard of here) await shard.withdraw(taken);
  };
  const turnTo = async (next: Part): Promise<void> => {
    const [before, role] = [part.role, next.role];
    // It may have been in force between two looks.
    if (isBefore(next) && !isBefore(part)) for (const shard of worker.shards()) leaving.add(shard);
    const isSame = isSameRole(role, before) && next.other?.prefix === part.other?.prefix;
    if (role.declared && !before.declared) await worker.renew();
    metrics.tell(facts());
    part = next;
    if (isSame) return;
    writeTo();
    const gains = (role.declared && !before.declared) || (role.beside && !before.beside);
    if (gains) for (const { windower } of worker.shards()) windower.republish();
    if (role.declared === before.declared) return;
    metrics = openMetrics();
    metrics.begin({ shards: worker.shards(), lanes: rekeyer?.ledgers() });
  };

  return {
    name: program.name,
    play: async (next) => {
      await turnTo(next);
      if (rekey === undefined || next.sends === (rekeyer !== undefined)) return;
      if (next.sends) rekeyer = await startSending();
      else await stopSending();
    },
    part: () => part,
    partitions: () => worker.shards().map(({ partition }) => partition),
    settled: () =>
      worker
        .shards()
        .filter((shard) => !leaving.has(shard))
        .map(({ partition }) => partition),
    count: worker.count,
    size,
    forget: worker.forget,
    step: async ({ maxWaitMs }) => {
      const taken = await (excess() === undefined ? take(maxWaitMs) : stand(maxWaitMs));
      await worker.recover();
      records += taken;
      await leave();
      results += await worker.publish();
      passage.published();
      await makeRoom();
      metrics.observe(facts, ports.clock.now());
      return taken;
    },
    save: async () => {
      await save();
      metrics.tell(facts());
    },
    stop: async () => {
      await consumer.close();
      await rekeyer?.assignment.consumer.close();
      await producer.close();
      await tables?.close();
    },
    saveEveryMs: () => program.saveEveryMs,
    update: async (changed) => {
      const next = WindowProgram.parse(changed);
      const change = liveChange(program, next);
      if (change === undefined) return false;
      program = next;
      for (const { windower } of worker.shards()) change(windower);
      writeTo();
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
        stages: passage.report(),
        state: stateOf(size(), { restored: worker.restored(), evicted: evictedOf(worker.shards()) }),
      };
    },
  };
};

const evictedOf = (shards: readonly Shard[]): number => shards.reduce((sum, shard) => sum + shard.evicted(), 0);

const stateOf = (
  { keys, bytes }: Size,
  { restored, evicted }: { readonly restored: Restored | undefined; readonly evicted: number },
): NonNullable<Report['state']> => ({
  ...{ keys, bytes },
  ...(evicted > 0 && { evictedKeys: evicted }),
  ...(restored !== undefined && { restoreMs: restored.ms, restoredKeys: restored.keys }),
});

/** Conditions are for those who send on: what has come to a shard counts. */
const aggregatingOptionsOf = (program: WindowProgram): ReturnType<typeof windowerOptionsOf> => {
  const options = windowerOptionsOf(program);
  return program.rekey === undefined ? options : { ...options, where: undefined };
};
