import { setTimeout as wait } from 'node:timers/promises';
import { isNotFound, type KubeObject } from '@groundswell/operator/kube';
import { defaultImages, ownTypes, pipelineOf, plan } from '@groundswell/operator/plan';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startMortal } from './mortal.ts';
import { featureWindow, pipeline, scoringModel, type Written } from './resources.ts';
import { eventually, startWorld, type World } from './world.ts';

/** A process takes seconds to start, so few of them are killed in every run; `CHAOS_KILLS=50 make test-cluster ARGS=test/operator/chaos` kills more. */
const kills = Number(process.env['CHAOS_KILLS'] ?? 5);
/** One in this process starts at once. */
const cuts = 50;
/** How long etcd is away. */
const outageMs = 30_000;
const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

/** Mulberry32: equal seeds give equal chaos, as far as it is ours. */
const randomOf = (start: number) => {
  let state = start;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const pipelines = ['a', 'b', 'c'];
const pick = <T>(values: readonly T[], random: () => number): T => values[Math.floor(random() * values.length)] as T;

const randomResource = (random: () => number): Written => {
  const owner = pick(pipelines, random);
  const kind = random();
  if (kind < 0.3)
    return pipeline(
      owner,
      pick(
        [{}, { suspend: true }, { pods: { networkPolicy: 'None' } }, { restartNonce: Math.floor(random() * 9) }],
        random,
      ),
    );
  if (kind < 0.8) {
    const size = pick(['10m', '20m', '30m'], random);
    const spec = random() < 0.1 ? { suspend: true } : { window: { hop: { size, every: '10s' } } };
    return featureWindow(`w${Math.floor(random() * 6)}`, owner, spec);
  }
  return scoringModel(`m${Math.floor(random() * 3)}`, owner, { window: `base-${owner}` });
};

const typeOf = ({ kind }: Written) => {
  const type = ownTypes.get(kind);
  if (type === undefined) throw new Error(`no type of ${kind}`);
  return type;
};

const put = (written: Written) => {
  const object = { ...written, metadata: { ...written.metadata, namespace: 'default' } } as unknown as KubeObject;
  return world.kube.apply(typeOf(written), object, { fieldManager: 'chaos' });
};

const drop = async (written: Written): Promise<void> => {
  await world.kube
    .remove(typeOf(written), { namespace: 'default', name: written.metadata.name })
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
};

const change = async (random: () => number): Promise<void> => {
  const resource = randomResource(random);
  if (random() < 0.7) await put(resource);
  else await drop(resource);
};

/** Changes one resource after the other, until it is told to stop. */
const keepChanging = (random: () => number, everyMs: number) => {
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const stopped = (async () => {
    while (!stopping.signal.aborted) {
      await change(random);
      await wait(everyMs);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await stopped;
    },
  };
};

/** What a plan of the resources alone, with nothing standing, says: `kind name` and what is said of it. */
const freshPlan = async (): Promise<ReadonlyMap<string, unknown>> => {
  const resources = await world.resources('default');
  const keys = new Set(resources.flatMap((object) => pipelineOf(object) ?? []));
  const objects = [...keys].flatMap((key) => {
    const own = resources.filter((object) => pipelineOf(object) === key);
    const observed = {
      namespace: 'default',
      pipeline: key,
      resources: own,
      children: [],
      pods: [],
      jobs: [],
      reports: [],
      scaling: new Map<string, never>(),
      secrets: new Set<string>(),
      served: new Set<string>(),
    };
    return plan(observed, { images: defaultImages }).objects;
  });
  return new Map(
    objects.map(({ kind, metadata, spec }) => [
      `${kind} ${metadata.name} of ${metadata.ownerReferences?.[0]?.uid}`,
      spec,
    ]),
  );
};

const standing = async () =>
  new Map(
    (await world.children('default')).map(({ kind, metadata, spec }) => [
      `${kind} ${metadata.name} of ${metadata.ownerReferences?.map(({ uid }) => uid).join()}`,
      spec,
    ]),
  );

const comesToFreshPlan = async (): Promise<void> => {
  // A model keeps its pods while its window is missing; a fresh plan knows of none.
  for (const name of pipelines) await put(featureWindow(`base-${name}`, name));
  const wanted = await freshPlan();
  expect(wanted.size).toBeGreaterThan(0);
  const look = async () => {
    const seen = await standing();
    expect([...seen.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [id, spec] of wanted) expect(seen.get(id), id).toMatchObject((spec ?? {}) as object);
  };
  const isSo = () => true;
  await eventually('all that stands is planned, and all that is planned stands', look, { isSo, withinMs: 120_000 });
};

test(`the operator is killed ${kills} times while resources come, change and go: what stands is what a fresh plan says (seed ${seed})`, async () => {
  const random = randomOf(seed);
  const changing = keepChanging(random, 30);
  for (let i = 0; i < kills; i++) {
    const operator = await world.operator({ 'leader-election': 'false' });
    await eventually('it works', async () => operator.lines(), {
      isSo: (lines) => lines.some(({ msg }) => msg === 'knows the cluster'),
    });
    await wait(random() * 1_500);
    await operator.kill();
  }
  await changing.stop();
  const operator = await world.operator({ 'leader-election': 'false' });
  await comesToFreshPlan();
  await operator.kill();
}, 1_200_000);

test(`cut off ${cuts} times in the middle of its work, an operator leaves what a fresh plan says (seed ${seed})`, async () => {
  const random = randomOf(seed + 2);
  const changing = keepChanging(random, 10);
  for (let i = 0; i < cuts; i++) {
    const operator = await startMortal(world.plane.kubeconfig, `mortal-${i}`);
    await wait(random() * 1_000);
    await operator.kill();
  }
  await changing.stop();
  const operator = await startMortal(world.plane.kubeconfig, 'last');
  await comesToFreshPlan();
  await operator.kill();
}, 1_200_000);

test('the API server is killed and etcd is away for 30 s while resources change: the operator goes on, to what a fresh plan says', async () => {
  const random = randomOf(seed + 1);
  const operator = await world.operator({ 'lease-name': 'steadfast', 'lease-seconds': '120' });
  await eventually('it works', async () => operator.lines(), {
    isSo: (lines) => lines.some(({ msg }) => msg === 'knows the cluster'),
  });
  for (let i = 0; i < 20; i++) await change(random);
  await world.plane.stopEtcd();
  // Whoever wants to change something now is told that this cannot be done.
  await expect(change(random)).rejects.toThrow();
  await wait(outageMs);
  await world.plane.startEtcd();
  for (let i = 0; i < 20; i++) await change(random);
  await world.plane.restartApiServer();
  for (let i = 0; i < 20; i++) await change(random);
  await comesToFreshPlan();
  expect(operator.lines().filter(({ msg }) => msg === 'knows the cluster')).toHaveLength(1);
  expect(await operator.terminate()).toBe(0);
}, 1_200_000);
