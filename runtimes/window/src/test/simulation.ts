import type { WindowProgram } from '@groundswell/graph';
import type { Running } from '@groundswell/process';
import type { Consumer, ConsumerOptions, Ports } from '@groundswell/stores';
import { endOfTime } from '@groundswell/wire';
import { ledgerOfSaved } from './saved-ledger.ts';
import { createWorld, step, type World } from './world.ts';

/** Numbers that are the same for the same seed (mulberry32). */
export interface Random {
  /** A whole number below `limit`. */
  below(limit: number): number;
  /** True once in `times`. */
  once(times: number): boolean;
}

const randomOf = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, once: (times) => below(times) === 0 };
};

/** Something that is wrong on purpose, in the program or in what it runs on. */
export interface Fault {
  readonly what: string;
  readonly program?: (program: WindowProgram) => WindowProgram;
  readonly ports?: (ports: Ports, random: Random) => Partial<Ports>;
}

export interface Story {
  /** What is simulated, and what one worker computes of the same events in peace, without another topic between. */
  readonly program: WindowProgram;
  readonly alone: WindowProgram;
  readonly look: (world: World) => Promise<unknown>;
  /** What is there before anybody works. */
  readonly prepare?: (world: World) => Promise<void>;
  /** Definitions that the workers are given in turns; the last one given counts, from what it is given on. */
  readonly redefined?: readonly WindowProgram[];
  /** Changes what the workers look at, and should not show in what they leave. */
  readonly disturb?: (world: World, random: Random) => Promise<void>;
}

const posts = ['p', 'q', 'r'];
const users = ['ann', 'bob', 'cyd'];
const partitions = 2;

/** A worker that stands between a poll and what is done with it, until it is let go on. */
interface Paused {
  readonly worker: Running;
  readonly stepping: Promise<unknown>;
  readonly goOn: () => void;
}

interface Pause {
  readonly goOn: () => void;
  /** It stands, however long what came before takes. */
  readonly standing: Promise<void>;
}

/** Ports with a switch: its consumers then stand still after the next poll, and their groups throw them out. */
const pausable = (ports: Ports) => {
  let gate: Promise<void> | undefined;
  const standing = Promise.withResolvers<void>();
  let stopped = false;
  const opened: Consumer[] = [];
  const open = async (options: ConsumerOptions): Promise<Consumer> => {
    const inner = await ports.log.consumer(options);
    opened.push(inner);
    return {
      ...inner,
      poll: async (wanted) => {
        if (stopped) return [];
        const batches = await inner.poll(wanted);
        if (gate === undefined) return batches;
        stopped = true;
        for (const consumer of opened) await consumer.close();
        standing.resolve();
        await gate;
        return batches;
      },
      commit: (positions) => (stopped ? Promise.resolve() : inner.commit(positions)),
      close: () => (stopped ? Promise.resolve() : inner.close()),
    };
  };
  return {
    ports: { ...ports, log: { ...ports.log, consumer: open } },
    pause: (): Pause => {
      const { promise, resolve: goOn } = Promise.withResolvers<void>();
      gate = promise;
      return { goOn, standing: standing.promise };
    },
  };
};

interface FleetOptions {
  readonly over: () => Partial<Ports>;
  /** Some seconds go by, in which workers look what others have decided. Absent: they need not. */
  readonly pass: (() => void) | undefined;
}

/** Workers that come, go, crash, and stand still. */
const createFleet = async (world: World, first: WindowProgram, { over, pass }: FleetOptions) => {
  let program = first;
  const workers: { readonly running: Running; readonly pause: () => Pause }[] = [];
  const paused: Paused[] = [];
  const start = async (): Promise<void> => {
    const { ports, pause } = pausable({ ...world.ports, ...over() });
    workers.push({ running: await world.start(program, ports), pause });
  };
  await start();
  const settle = async (): Promise<void> => {
    if (workers.length === 0) await start();
    for (let quiet = 0, rounds = 0; quiet < (pass === undefined ? 4 : 24) && rounds < 200; rounds++) {
      let taken = 0;
      pass?.();
      for (const { running } of workers) taken += await step(running);
      quiet = taken === 0 ? quiet + 1 : 0;
    }
    for (const { running } of workers) await running.save();
  };
  return {
    settle,
    act: async (random: Random): Promise<void> => {
      const at = random.below(Math.max(1, workers.length));
      const chance = random.below(12);
      const worker = workers[at];
      if (worker === undefined || (chance === 0 && workers.length < 3)) return start();
      const { running, pause } = worker;
      if (chance <= 6) await step(running);
      else if (chance <= 8) await running.save();
      else if (chance === 9) {
        workers.splice(at, 1);
        const { goOn, standing } = pause();
        const stepping = step(running).catch(() => undefined);
        await Promise.race([stepping, standing]);
        paused.push({ worker: running, goOn, stepping });
      } else {
        if (chance === 10) await running.save();
        workers.splice(at, 1);
        await running.stop();
      }
    },
    /** One after the other hears of it; who stands still does not. */
    redefine: async (to: WindowProgram, random: Random): Promise<void> => {
      program = to;
      for (const { running } of workers) {
        if (random.once(3)) await step(running);
        await running.update(to);
      }
    },
    /** Whether somebody stands still. Writers are kept out for `fenceKeepMs`: who stands longer than that is not simulated. */
    standStill: (): boolean => paused.length > 0,
    /** What stood still goes on with what it has in hand, and saves it. */
    wake: async (): Promise<void> => {
      for (const { worker, stepping, goOn } of paused.splice(0)) {
        goOn();
        await stepping;
        await worker.save().catch(() => undefined);
        await worker.stop().catch(() => undefined);
      }
    },
  };
};

export interface Simulated {
  readonly found: unknown;
  readonly expected: unknown;
}

/** One story from a seed: what the stores hold at its end, and what they should. The same seed is the same story. */
export const simulate = async (
  seed: number,
  { program, alone, look, prepare, disturb, redefined }: Story,
  fault?: Fault,
): Promise<Simulated> => {
  const random = randomOf(seed);
  const [calm, rough] = [await createWorld(1), await createWorld(partitions)];
  for (const world of [calm, rough]) await prepare?.(world);
  const broken = (one: WindowProgram): WindowProgram => fault?.program?.(one) ?? one;
  let [wall, time, sent] = [1_000_000, 0, 0];
  let wanted = program;
  const leap = (by: number): void => {
    wall += by;
    rough.setNow(wall);
  };
  const fleet = await createFleet(rough, broken(program), {
    over: () => fault?.ports?.(rough.ports, random) ?? {},
    pass: redefined && (() => leap(5_000)),
  });
  for (let round = 4 + random.below(12); round > 0; round--) {
    for (let more = random.below(6); more > 0; more--) {
      time += random.below(9);
      const post = random.below(posts.length);
      // Within the disorder that is allowed: what is late would depend on who is how far.
      const at = Math.max(0, time - random.below(15)) * 1_000;
      const event = { at, post_id: posts[post]!, user_id: users[random.below(users.length)]!, id: `e${sent++}` };
      await calm.send([event]);
      await rough.send([event], post % partitions);
    }
    await disturb?.(rough, random);
    if (redefined !== undefined && random.once(4)) {
      wanted = redefined[random.below(redefined.length)] ?? wanted;
      await fleet.redefine(broken(wanted), random);
    }
    // Clocks leap, also back.
    if (random.once(4))
      leap(fleet.standStill() ? random.below(200_000) - 90_000 : random.below(20_000_000) - 9_000_000);
    for (let acts = random.below(6); acts > 0; acts--) await fleet.act(random);
  }
  for (const [world, count] of [
    [calm, 1],
    [rough, partitions],
  ] as const)
    for (let partition = 0; partition < count; partition++) await world.sendWatermark(time * 1_000 + 15_000, partition);
  const undisturbed = await createFleet(calm, redefined === undefined ? alone : wanted, {
    over: () => ({}),
    pass: undefined,
  });
  await undisturbed.settle();
  const settleAll = async (): Promise<void> => {
    leap(fleet.standStill() ? 600_000 : 60_000_000);
    await fleet.settle();
  };
  await settleAll();
  await fleet.wake();
  const held = await look(rough);
  for (const [world, count] of [
    [calm, 1],
    [rough, partitions],
  ] as const)
    for (let partition = 0; partition < count; partition++) await world.sendWatermark(endOfTime, partition);
  const middle = await look(calm);
  await undisturbed.settle();
  await settleAll();
  await settleAll();
  // Of several revisions, each has read what it has read.
  if (redefined !== undefined) return { found: [held, await look(rough)], expected: [middle, await look(calm)] };
  const ledger = await ledgerOfSaved(broken(program), { ...rough.ports, ...fault?.ports?.(rough.ports, random) });
  return {
    found: [held, await look(rough), ledger.in - ledger.duplicate - ledger.copies, ledger.aggregated + ledger.late],
    expected: [middle, await look(calm), sent, sent],
  };
};
