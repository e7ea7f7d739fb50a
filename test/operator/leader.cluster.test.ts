import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePorts } from '../servers/daemon.ts';
import type { OperatorProcess } from './operator-process.ts';
import { featureWindow, inNamespace, pipeline } from './resources.ts';
import { conditionOf, eventually, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const leads = (operator: OperatorProcess): boolean => operator.lines().some(({ msg }) => msg === 'leads');
const oneOf = (operators: readonly OperatorProcess[]) =>
  eventually('one of them leads', async () => operators.filter(leads), { isSo: (leading) => leading.length > 0 });

const ready = (count: number) =>
  eventually('all windows are ready', () => world.resources('default'), {
    isSo: (seen) =>
      seen.filter((object) => object.kind === 'FeatureWindow' && conditionOf(object, 'Ready')?.status === 'True')
        .length === count,
  });

test('of two replicas one works, and the other takes over when that is killed', async () => {
  const [first, second] = await Promise.all([world.operator(), world.operator()]);
  const [leader] = await oneOf([first, second]);
  const other = leader === first ? second : first;
  await world.plane.apply(inNamespace('default', [pipeline('news'), featureWindow('w0', 'news')]));
  await ready(1);
  expect(leads(other)).toBe(false);

  // Under load: what was half done is finished by the other.
  const load = Array.from({ length: 20 }, (_, i) => featureWindow(`w${i + 1}`, 'news'));
  const applied = world.plane.apply(inNamespace('default', load));
  await leader?.kill();
  const since = performance.now();
  await applied;
  await oneOf([other]);
  // The lease is 3 s, and it is looked at every 0.4 s.
  expect(performance.now() - since).toBeLessThan(10_000);
  await ready(21);
  const names = (await world.children('default')).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(new Set(names).size).toBe(names.length);
});

test('who ends in good order hands over at once, without waiting for the lease to run out', async () => {
  const [first, second] = await Promise.all([
    world.operator({ 'lease-name': 'other', 'lease-seconds': '60' }),
    world.operator({ 'lease-name': 'other', 'lease-seconds': '60' }),
  ]);
  const [leader] = await oneOf([first, second]);
  const other = leader === first ? second : first;
  expect(await leader?.terminate()).toBe(0);
  await eventually('the other leads', async () => leads(other), { isSo: (is) => is, withinMs: 20_000 });
});

test('a leader that cannot reach its lease any more ends, and comes back to lead', async () => {
  const flags = { 'lease-name': 'third', 'lease-seconds': '2' };
  const operator = await world.operator(flags);
  await oneOf([operator]);
  await world.plane.restartApiServer();
  // Started again, as a pod is.
  const again = await world.operator(flags);
  await eventually(
    'one leads again',
    async () =>
      operator.metric('leader_election_master_status').catch(() => again.metric('leader_election_master_status')),
    { isSo: (status) => status === 1 },
  );
});

test('a heap snapshot is given where that was asked for', async () => {
  const [port = 0] = await freePorts(1);
  const flags = { 'lease-name': 'other', 'debug-address': `127.0.0.1:${port}` };
  const other = await world.operator(flags);
  const snapshot = async () => (await fetch(`http://127.0.0.1:${port}/debug/heap`)).json() as Promise<{ nodes: [] }>;
  const { nodes } = await eventually('it answers', snapshot, { isSo: ({ nodes }) => Array.isArray(nodes) });
  expect(nodes.length).toBeGreaterThan(100_000);
  await other.kill();
});
