import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { KubeObject } from '@groundswell/operator/kube';
import { ownTypes } from '@groundswell/operator/plan';
import type { OperatorProcess } from './operator-process.ts';
import { featureWindow, pipeline, type Written } from './resources.ts';
import { conditionOf, eventually, type World } from './world.ts';

export interface Fleet {
  readonly pipelines: number;
  /** Windows of each pipeline. */
  readonly windows: number;
}

const pipelineName = (i: number): string => `p${i}`;

const resourcesOf = ({ pipelines, windows }: Fleet): readonly Written[] =>
  Array.from({ length: pipelines }, (_, i) => pipelineName(i)).flatMap((name) => [
    pipeline(name),
    ...Array.from({ length: windows }, (_, i) => featureWindow(`${name}-w${i}`, name)),
  ]);

const put = ({ kube }: World, written: Written): Promise<KubeObject> => {
  const type = ownTypes.get(written.kind);
  if (type === undefined) throw new Error(`Cannot apply ${written.kind}: it is no kind of ours`);
  const object = { ...written, metadata: { ...written.metadata, namespace: 'default' } } as unknown as KubeObject;
  return kube.apply(type, object, { fieldManager: 'test' });
};

/** Applies all of them, and resolves when they are Ready; to the time that this took, s. */
export const fill = async (world: World, fleet: Fleet): Promise<number> => {
  const resources = resourcesOf(fleet);
  const since = performance.now();
  for (let i = 0; i < resources.length; i += 20)
    await Promise.all(resources.slice(i, i + 20).map((one) => put(world, one)));
  const ready = async () =>
    (await world.resources('default')).filter((object) => conditionOf(object, 'Ready')?.status === 'True').length;
  const everyMs = 1_000;
  await eventually('everything runs', ready, {
    isSo: (count) => count === resources.length,
    withinMs: 900_000,
    everyMs,
  });
  return (performance.now() - since) / 1_000;
};

/** A live change of one window of each pipeline, one after the other. */
export const changeOneOfEach = async (world: World, { pipelines }: Fleet, weight: number): Promise<void> => {
  for (let i = 0; i < pipelines; i++) {
    const weighted = { name: 'engagement', weightedSum: { by: 'event.type', weights: { like: 1, repost: weight } } };
    const spec = { aggregations: [{ name: 'reposts', count: {} }, weighted] };
    await put(world, featureWindow(`${pipelineName(i)}-w0`, pipelineName(i), spec));
  }
};

export const looksOf = (operator: OperatorProcess): Promise<number> =>
  operator.metric('controller_runtime_reconcile_time_seconds_count');

export const lookedAt = (operator: OperatorProcess, count: number): Promise<number> =>
  eventually(`it has looked ${count} times`, () => looksOf(operator), {
    isSo: (looks) => looks >= count,
    withinMs: 300_000,
    everyMs: 50,
  });

/** Resolves when nothing was looked at for so long. */
export const atRest = async (operator: OperatorProcess, forMs: number): Promise<void> => {
  for (let [before, since] = [-1, performance.now()]; performance.now() - since < forMs; await wait(100)) {
    const looks = await looksOf(operator);
    if (looks !== before) [before, since] = [looks, performance.now()];
  }
};

/** Looks at a pipeline by how long they took, as a histogram counts them: up to `le` seconds. */
export const reconcilesOf = async (operator: OperatorProcess): Promise<readonly (readonly [number, number])[]> => {
  const bucket = /^controller_runtime_reconcile_time_seconds_bucket\{.*?le="([^"]+)".*\} (\d+)$/gm;
  return [...(await operator.metrics()).matchAll(bucket)].map(([, le, count]) => [
    le === '+Inf' ? Infinity : Number(le),
    Number(count),
  ]);
};

/** Upper bound of a quantile of what was looked at between two countings, s; NaN: nothing was. */
export const quantileOf = (
  before: Awaited<ReturnType<typeof reconcilesOf>>,
  after: typeof before,
  quantile: number,
): number => {
  const counts = after.map(([le, count], i) => [le, count - (before[i]?.[1] ?? 0)] as const);
  const total = counts.at(-1)?.[1] ?? 0;
  return total === 0 ? Number.NaN : (counts.find(([, count]) => count >= quantile * total)?.[0] ?? Infinity);
};

/** MiB that the process has in memory, as the kernel counts. */
export const residentOf = ({ pid }: OperatorProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
