import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPrograms } from '@groundswell/local';
import { expect, onTestFinished, test } from 'vitest';
import { createClient } from '../path/feed/client.ts';
import { eventually, isReady, type Pod, startPod } from './path/pods.ts';
import { addressesOf } from './servers.ts';

const resourcesOf = (pipeline: string): string => `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: ${pipeline} }
spec:
  sources: [{ name: demo, generator: { seed: 1, rate: 1, duration: 1h } }]
  topics: { events: { partitions: 3 } }
  api: { rateLimit: { perSecond: 100000, burst: 100000 } }
---
apiVersion: groundswell.dev/v1alpha1
kind: Feed
metadata: { name: home }
spec:
  pipelineRef: { name: ${pipeline} }
  mode: FanOutOnWrite
`;

const startPods = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-test-'));
  writeFileSync(join(folder, 'all.yaml'), resourcesOf(`feed-${randomUUID().slice(0, 8)}`));
  const { programs } = await loadPrograms([folder], 'local');
  const [redis = ''] = addressesOf('GROUNDSWELL_REDIS');
  const pods: Pod[] = [];
  const start = async (name: string): Promise<Pod> => {
    const program = programs.find((candidate) => candidate.name === name);
    if (program === undefined) throw new Error(`there is no ${name}`);
    const pod = await startPod(program, { folder, brokers: addressesOf('GROUNDSWELL_KAFKA'), redis });
    pods.push(pod);
    return pod;
  };
  onTestFinished(async () => {
    await Promise.all(pods.map((pod) => pod.kill()));
    rmSync(folder, { recursive: true });
  });
  return { start };
};

test('posts reach timelines over a real Kafka and Redis, also when workers are killed on the way', async () => {
  const { start } = await startPods();
  const [saver, first, second, api] = await Promise.all(
    ['feed-home-saver', 'feed-home', 'feed-home', 'api'].map(start),
  );
  const all = [saver, first, second, api].filter((pod) => pod !== undefined);
  await eventually('all are ready', async () => (await Promise.all(all.map(isReady))).every(Boolean), { pods: all });
  const client = createClient(api?.url ?? '');
  const users = Array.from({ length: 30 }, (_, i) => `user-${i}`);
  for (const user of users) await client.follow(user, 'ann');
  for (const user of users) expect(await client.texts(user)).toEqual([]);
  const posted: string[] = [];
  const postMany = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) posted.unshift((await client.post('ann', `${posted.length}`)).text);
  };
  const expectAll = async (pods: readonly Pod[]): Promise<void> => {
    const isThere = async () => {
      const texts = await Promise.all(users.map(client.texts));
      return texts.every((found) => JSON.stringify(found) === JSON.stringify(posted));
    };
    await eventually('all followers have all posts', isThere, { pods });
  };
  await postMany(10);
  await expectAll(all);
  await postMany(10);
  await first?.kill();
  await postMany(10);
  await expectAll(all.filter((pod) => pod !== first));
  const third = await start('feed-home');
  await postMany(5);
  await second?.kill();
  await postMany(5);
  const left = [saver, third, api].filter((pod) => pod !== undefined);
  await expectAll(left);
  expect(await Promise.all(left.map((pod) => pod.terminate()))).toEqual([0, 0, 0]);
}, 180_000);
