import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { requestsOf, writesOf } from '../operator/audit.ts';
import {
  atRest,
  changeOneOfEach,
  type Fleet,
  fill,
  lookedAt,
  looksOf,
  quantileOf,
  reconcilesOf,
  residentOf,
} from '../operator/scale.ts';
import { startWorld, type World } from '../operator/world.ts';
import { cpuSecondsOf } from '../servers/cpu.ts';

const usage = `How much the operator can look after: make bench-operator [ARGS="--pipelines 100 --windows 10 --idle 600"]

Pipelines with windows on a real API server without nodes: how long it takes to make them, to look at all after a restart, to follow
a change; then what it costs, and writes, while nothing changes for --idle seconds. Prints a table and, as its last line, one JSON
object.
`;
const { values } = parseArgs({
  options: {
    pipelines: { type: 'string', default: '100' },
    windows: { type: 'string', default: '10' },
    idle: { type: 'string', default: '600' },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const flags = { 'leader-election': 'false' };

const writesSoFar = ({ plane }: World): number => writesOf(requestsOf(plane.auditLog)).length;

/** As soon as it is known: the rest takes long. */
const noted = <T extends object>(figures: T): T => {
  say(JSON.stringify(figures));
  return figures;
};

const make = async (world: World, fleet: Fleet) => {
  say(`making ${fleet.pipelines} pipelines with ${fleet.windows} windows each`);
  const operator = await world.operator(flags, 'compiled');
  const seconds = await fill(world, fleet);
  const figures = { seconds, p99: quantileOf([], await reconcilesOf(operator), 0.99), looks: await looksOf(operator) };
  await operator.terminate();
  return figures;
};

const resync = async (world: World, { pipelines }: Fleet) => {
  say('starting it again');
  const before = writesSoFar(world);
  const since = performance.now();
  const operator = await world.operator(flags, 'compiled');
  await eventuallyUp(operator);
  await lookedAt(operator, pipelines);
  const seconds = (performance.now() - since) / 1_000;
  const figures = {
    seconds,
    cpuSeconds: cpuSecondsOf(operator.pid),
    p99: quantileOf([], await reconcilesOf(operator), 0.99),
    resident: residentOf(operator),
    writes: writesSoFar(world) - before,
  };
  return { operator, figures };
};

type Operator = Awaited<ReturnType<World['operator']>>;

const eventuallyUp = async (operator: Operator): Promise<void> => {
  while (!operator.lines().some(({ msg }) => msg === 'knows the cluster')) await wait(20);
};

const change = async (world: World, fleet: Fleet, operator: Operator) => {
  say('changing a window of each pipeline');
  const before = await reconcilesOf(operator);
  await changeOneOfEach(world, fleet, 7);
  await atRest(operator, 10_000);
  return { p99: quantileOf(before, await reconcilesOf(operator), 0.99) };
};

const rest = async (world: World, operator: Operator, seconds: number) => {
  say(`nothing changes for ${seconds} s`);
  const before = {
    cpu: cpuSecondsOf(operator.pid),
    at: performance.now(),
    writes: writesSoFar(world),
    looks: await looksOf(operator),
  };
  let most = 0;
  for (const until = before.at + seconds * 1_000; performance.now() < until; ) {
    await wait(Math.min(5_000, until - performance.now()));
    most = Math.max(most, residentOf(operator));
  }
  return {
    seconds: (performance.now() - before.at) / 1_000,
    cpuShare: (cpuSecondsOf(operator.pid) - before.cpu) / ((performance.now() - before.at) / 1_000),
    resident: residentOf(operator),
    mostResident: most,
    writes: writesSoFar(world) - before.writes,
    looks: (await looksOf(operator)) - before.looks,
  };
};

const shown = (value: number, digits = 0): string =>
  Number.isFinite(value) ? value.toLocaleString('en', { maximumFractionDigits: digits }) : 'over 10,000';

const print = (rows: readonly (readonly [what: string, value: string, goal: string])[]): void => {
  const all = [['', 'measured', 'goal'] as const, ...rows];
  const widths = [0, 1, 2].map((i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  for (const row of all) console.log(row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('   '));
};

const main = async (): Promise<void> => {
  const fleet: Fleet = { pipelines: Number(values.pipelines), windows: Number(values.windows) };
  const world = await startWorld();
  try {
    const made = noted(await make(world, fleet));
    await world.kubelet.stop();
    const { operator, figures } = await resync(world, fleet);
    const resynced = noted(figures);
    const changed = noted(await change(world, fleet, operator));
    const rested = noted(await rest(world, operator, Number(values.idle)));
    print([
      ['all made and Ready, s', shown(made.seconds), ''],
      ['  a look took at most, p99, ms', shown(made.p99 * 1_000), ''],
      ['all looked at after a restart, s', shown(resynced.seconds, 1), '< 30'],
      ['  CPU for it, from the start of the process, s', shown(resynced.cpuSeconds, 1), ''],
      ['  a look took at most, p99, ms', shown(resynced.p99 * 1_000), '< 250'],
      ['  writes', shown(resynced.writes), '0'],
      ['a window of each changed: a look took at most, p99, ms', shown(changed.p99 * 1_000), '< 250'],
      [`nothing changes for ${shown(rested.seconds)} s: writes`, shown(rested.writes), '0'],
      ['  looks', shown(rested.looks), ''],
      ['  share of a CPU, %', shown(rested.cpuShare * 100, 2), '< 1'],
      ['  memory in the end, MiB', shown(rested.resident), '< 150'],
      ['  memory at most, MiB', shown(rested.mostResident), ''],
    ]);
    console.log(JSON.stringify({ bench: 'operator', fleet, made, resynced, changed, rested }));
  } finally {
    await world.stop();
  }
};

if (values.help) process.stdout.write(usage);
else await main();
