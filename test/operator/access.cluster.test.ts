import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { featureWindow, inNamespace, pipeline } from './resources.ts';
import { conditionOf, eventually, startWorld, type World } from './world.ts';

// The API server lets nobody in who was let in before: a token has expired, and the kubelet has renewed it.

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const ready = (count: number) =>
  eventually(`${count} resources are ready`, () => world.resources('default'), {
    isSo: (seen) => seen.filter((object) => conditionOf(object, 'Ready')?.status === 'True').length === count,
    withinMs: 60_000,
  });

test('a token that is refused is read anew, and nothing that happened meanwhile is missed', async () => {
  const { plane, serviceAccount } = world;
  const token = join(serviceAccount.folder, 'token');
  const operator = await world.operator({ 'leader-election': 'false' });
  await plane.apply(inNamespace('default', [pipeline('news'), featureWindow('w0', 'news')]));
  await ready(2);

  // Tokens are bound to the account that they were made for; one of the same name is another.
  const home = ['-n', 'groundswell-system'];
  await plane.kubectl(...home, 'delete', 'serviceaccount', 'operator');
  await plane.kubectl(...home, 'create', 'serviceaccount', 'operator');
  await plane.apply(inNamespace('default', [featureWindow('w1', 'news')]));
  await plane.restartApiServer();
  await eventually('it is refused', async () => operator.lines(), {
    isSo: (lines) => lines.some(({ err }) => JSON.stringify(err ?? '').includes('401')),
  });
  writeFileSync(token, (await plane.kubectl(...home, 'create', 'token', 'operator', '--duration=1h')).trim());
  await ready(3);
  expect(operator.lines().filter(({ msg }) => msg === 'knows the cluster')).toHaveLength(1);
});
