import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { groupOf } from '@groundswell/graph';
import { expect, onTestFinished, test } from 'vitest';
import { createRandom } from '../../runtimes/ingest/src/readers/generator/random.ts';
import { eventually } from '../stores/path/pods.ts';
import { createFeeder } from './feeder.ts';
import type { Fleet } from './fleet.ts';
import { createInput, partitions } from './input.ts';
import { type Expected, expectedOf, type Results } from './oracle.ts';
import { type Act, planOf } from './rounds.ts';
import { openWorld, type World } from './world.ts';

const numberOf = (variable: string, otherwise: number): number => Number(process.env[variable] ?? otherwise);
const seed = numberOf('KILL_SEED', 1);
const count = numberOf('KILL_EVENTS', 200_000);
const rounds = numberOf('KILL_ROUNDS', 16);
/** After so long nothing more is killed: what is left of the events comes in peace. */
const budgetMs = 1_000 * numberOf('KILL_SECONDS', 210);

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const bounce = async (server: World['broker']): Promise<void> => {
  await server.kill();
  await server.restart();
};

const fleetOf = ({ posts, people }: World, which: number): Fleet => (which === 0 ? posts : people);

const perform = async (world: World, act: Act): Promise<void> => {
  await wait(act.afterMs);
  switch (act.kind) {
    case 'broker':
      return bounce(world.broker);
    case 'store':
      return bounce(world.store);
    case 'kill':
      return fleetOf(world, act.fleet).kill(act.which);
    case 'pause':
      return fleetOf(world, act.fleet).pause(act.which, act.ms);
    case 'stall':
      return world.links[act.link].stall(act.ms);
    case 'cut':
      return world.links[act.link].cut();
  }
};

/** Both windows have saved what they made of so many events of each partition. */
const hasTaken = async ({ log, events, posts, people }: World, perPartition: number): Promise<boolean> => {
  const groups = [posts, people].map(({ program }) => groupOf(program));
  const lags = await Promise.all(groups.map((group) => log.lag(group, events).catch(() => [])));
  return lags.every(
    (lag) => lag.length === partitions && lag.every(({ committed }) => (committed ?? 0n) >= BigInt(perPartition)),
  );
};

const settled = (what: string, isSo: () => Promise<boolean>): Promise<void> =>
  eventually(what, isSo, { pods: [], withinMs: 600_000 });

const sorted = (results: Results) => [...results].sort(([a], [b]) => (a < b ? -1 : 1));
const keysOf = (results: Results): readonly string[] => [
  ...new Set([...results.keys()].map((id) => id.split(' ', 1)[0] ?? '')),
];

const expectResults = async (world: World, pipeline: string, { posts, people }: Expected): Promise<void> => {
  const series = (window: string, results: Results) =>
    world.seriesOf(keysOf(results).map((key) => `${pipeline}:${window}:${key}`));
  expect(sorted(await series('posts', posts))).toEqual(sorted(posts));
  expect(sorted(await series('people', people))).toEqual(sorted(people));
  expect(sorted(await world.told(`${pipeline}.told`))).toEqual(sorted(people));
  // The newest windows are over, and nobody brought one back.
  const hashes = await world.hashesOf(keysOf(posts).map((key) => `${pipeline}:post:${key}`));
  expect(hashes.filter((hash) => Object.keys(hash).length > 0)).toEqual([]);
};

const expectConserved = async (world: World, fleet: Fleet, filtered: number): Promise<void> => {
  const total = count - (count % partitions);
  const { copies, ...ledger } = await world.ledgerOf(fleet);
  say(`${fleet.program.window}: ${JSON.stringify(ledger)}`);
  expect({ copies, ...ledger }).toMatchObject({ copies: 0, late: 0, deadLettered: 0, filtered });
  expect(ledger.aggregated).toBe(total - filtered);
  expect(ledger.in).toBe(total + ledger.duplicate);
};

interface Story {
  readonly count: number;
  readonly rounds: number;
  /** What workers run instead of the window program. */
  readonly main?: string;
  /** All workers are killed between rounds, too: when what came is saved, and windows are open. */
  readonly killsBetween?: boolean;
}

/** Lets events flow while workers, broker and store are killed and paused, and their network fails, until all is taken. */
const play = async ({ count, rounds, main, killsBetween = false }: Story) => {
  const pipeline = `kill-${randomUUID().slice(0, 8)}`;
  const world = await openWorld(pipeline, main);
  const input = createInput(seed, count);
  const feeder = createFeeder(world.log, world.events, input);
  onTestFinished(() => feeder.close());
  const fleets = [world.posts, world.people];
  const done = { kill: 0, pause: 0, broker: 0, store: 0, stall: 0, cut: 0 };
  const upTo = (round: number): number => Math.floor((input.perPartition * round) / rounds);
  const startedAt = performance.now();
  for (const [round, { workers, acts: planned }] of planOf(createRandom(seed), rounds).entries()) {
    const since = performance.now();
    const acts = since - startedAt > budgetMs ? [] : planned;
    const scaling = Promise.all(fleets.map((fleet) => fleet.scale(workers)));
    await Promise.all([feeder.feedTo(upTo(round + 1)), ...acts.map((act) => perform(world, act))]);
    await scaling;
    for (const { kind } of acts) done[kind]++;
    await settled(`what came before round ${round} is taken`, () => hasTaken(world, upTo(round)));
    if (killsBetween) for (const fleet of fleets) for (let which = 0; which < workers; which++) fleet.kill(which);
    const seconds = ((performance.now() - since) / 1000).toFixed(1);
    say(`round ${round}: ${workers} workers, ${acts.map(({ kind }) => kind).join(' ')}; ${seconds} s`);
  }
  await feeder.end();
  await settled('all is taken', world.isOver);
  say(`seed ${seed}: ${JSON.stringify({ ...done, ended: fleets.map((fleet) => fleet.ended()) })}`);
  expect(await Promise.all(fleets.map((fleet) => fleet.scale(0)))).toEqual([[0], [0]]);
  return { pipeline, world, expected: expectedOf(input) };
};

test(`${count} events in ${rounds} rounds of kills, pauses, stalls, restarts and rescaling come to what one reading gives`, async () => {
  const { pipeline, world, expected } = await play({ count, rounds });
  await expectResults(world, pipeline, expected);
  await expectConserved(world, world.posts, expected.views);
  await expectConserved(world, world.people, 0);
});

test('workers that save offsets before their state are found out', async () => {
  const main = join(import.meta.dirname, 'hasty-worker.ts');
  const { pipeline, world, expected } = await play({ count: 100_000, rounds: 4, main, killsBetween: true });
  await expect(expectResults(world, pipeline, expected)).rejects.toThrow('to deeply equal');
});
