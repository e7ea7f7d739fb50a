import { groupOf } from '@groundswell/graph';
import type { KubeObject } from '@groundswell/operator/kube';
import { podType } from '@groundswell/operator/plan';
import { createLogger } from '@groundswell/process';
import type { Log } from '@groundswell/stores';
import { createKafkaLog } from '@groundswell/stores/kafka';
import { topicsOf } from '@groundswell/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningKafka, startKafka } from '../servers/kafka.ts';
import { putPod } from './fake-pod.ts';
import { featureWindow, inNamespace, pipeline } from './resources.ts';
import { eventually, find, startWorld, type World } from './world.ts';

// What waits for a window that has no pods, the operator reads from Kafka itself.

let world: World;
let kafka: RunningKafka;
let log: Log;
const { events: topic } = topicsOf('news');
const program = 'window-w';

beforeAll(async () => {
  [world, kafka] = await Promise.all([startWorld(), startKafka()]);
  const logger = createLogger('test', 'error');
  log = await createKafkaLog({ brokers: kafka.brokers, clientId: 'test', logger });
  await world.operator({ 'leader-election': 'false', 'report-seconds': '0.3' });
});
afterAll(async () => {
  await log?.close();
  await world?.stop();
  await kafka?.stop();
});

let ends = [0, 0];

const arrives = async (): Promise<void> => {
  const producer = await log.producer();
  await producer.send(topic, [{ partition: 0, key: 'p', value: Buffer.from('{}') }]);
  await producer.close();
  ends = [(ends[0] ?? 0) + 1, 0];
};

/** The window has worked on all there is, and gone. */
const commit = async (): Promise<void> => {
  const consumer = await log.consumer({
    group: groupOf({ pipeline: 'news', name: program }),
    topics: [topic],
    from: 'earliest',
  });
  while (consumer.assignment().length === 0) await consumer.poll({ maxRecords: 10, maxWaitMs: 200 });
  await consumer.commit(ends.map((end, partition) => ({ topic, partition, offset: BigInt(end) })));
  await consumer.close();
};

const nothingComes = () => {
  const at = Date.now();
  const partitions = ends.map((end, partition) => ({ topic, partition, end, committed: end, taken: end }));
  return {
    ...{ program, revision: '', at, health: { kind: 'ready' }, records: 1, busyMs: 1, produced: {} },
    inputs: { at, partitions },
  };
};

const replicasOf = (object: KubeObject | undefined): number | undefined =>
  (object?.['spec'] as { replicas?: number } | undefined)?.replicas;
const becomes = (wanted: number) =>
  eventually(
    `there are ${wanted} pods`,
    async () => replicasOf(find(await world.children('default'), 'Deployment', 'news-window-w')),
    { isSo: (seen) => seen === wanted },
  );
const decided = async () => {
  const found = find(await world.resources('default'), 'FeatureWindow', 'w');
  return (found?.['status'] as { scaling?: object } | undefined)?.scaling;
};

test('a window without records has no pod; a record brings one; when all is done it goes again', async () => {
  const autoscaling = { minReplicas: 0, maxReplicas: 2, scaleDown: { stabilization: '1s' } };
  await world.plane.apply(
    inNamespace('default', [
      pipeline('news', { kafka: { brokers: kafka.brokers }, topics: { events: { partitions: 2 } } }),
      featureWindow('w', 'news', { autoscaling }),
    ]),
  );
  // No program has begun, and the topic is there.
  const made = await eventually('the topic is made', () => log.bounds(topic), { isSo: ({ length }) => length > 0 });
  expect(made).toHaveLength(2);
  await becomes(0);
  await arrives();
  await becomes(1);
  await eventually('it says why', decided, { isSo: (seen) => JSON.stringify(seen ?? '').includes('1 wait in 2') });
  expect(await decided()).toMatchObject({ from: 0, to: 1, applied: true });

  await commit();
  const pod = await putPod(world.kube, { pipeline: 'news', program, report: nothingComes });
  await becomes(0);
  await eventually('it says why', decided, { isSo: (seen) => JSON.stringify(seen ?? '').includes('Idle') });
  expect(await decided()).toMatchObject({ from: 1, to: 0, reason: 'Idle', applied: true });

  await world.kube.remove(podType, { namespace: 'default', name: pod });
  await arrives();
  await becomes(1);
  const events = await world.plane.kubectl('get', 'events.events.k8s.io', '-o', 'jsonpath={.items[*].reason}');
  expect(events).toContain('ScaledDown');
  expect(events).toContain('ScaledUp');
});
