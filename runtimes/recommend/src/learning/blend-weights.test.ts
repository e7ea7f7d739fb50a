import { expect, test } from 'vitest';
import { programOf, startRig } from '../../test/rig.ts';

const hour = 3_600_000;
const items = Array.from({ length: 20 }, (_, i) => `i${i}`);
const users = Array.from({ length: 20 }, (_, i) => `u${i}`);
/** What either score says of an item: they have nothing to do with each other. */
const realTimeOf = (item: string): number => ((Number(item.slice(1)) * 7) % 20) / 20;
const offlineOf = (item: string): number => Number(item.slice(1)) / 20;

const learning = (minLabels: number) =>
  programOf(
    `  candidates: [{ name: given, given: {} }]
  rank:
    modelRef: { name: likes }
    blend: { learned: { minLabels: ${minLabels} }, storeRef: { name: nightly }, key: event.post_id }
  coldStart: { items: { share: 0 } }
  feedback: { where: event.type == 'like', within: 30m }`,
    '  offlineStores: [{ name: nightly, redis: { keyPrefix: "nightly:" } }]',
  );

const started = async (program: ReturnType<typeof learning>) => {
  const rig = await startRig(program, ({ post_id }) => realTimeOf(post_id));
  const batch = rig.keyValue.batch();
  for (const item of items) batch.hashSet(`nightly:${item}`, { score: String(offlineOf(item)) });
  await batch.run();
  await rig.tell(...items.map((item) => ['post', 'author', item] as const));
  return rig;
};

/** All users are shown all items, and like those that the store thinks well of. */
const showAll = async (rig: Awaited<ReturnType<typeof started>>): Promise<void> => {
  for (const user of users) await rig.recommend({ user_id: user, item_ids: items, limit: 20 });
  await rig.tell(
    ...users.flatMap((user, i) =>
      items.filter((item) => offlineOf(item) * 10 > i % 10).map((item) => ['like', user, item] as const),
    ),
  );
};

test('weights are those of both scores alike, until what was shown had its time and the schedule comes', async () => {
  const rig = await started(learning(300));
  const asked = { user_id: 'ann', item_ids: items };
  expect((await rig.recommend(asked)).blend).toEqual({ real_time: 0.5, offline: 0.5, labels: 0 });
  await showAll(rig);
  rig.pass(hour / 2);
  await rig.tell(['view', 'bob', 'i1']);
  // 13:00, and what was shown at 12:30 may yet become a success.
  expect((await rig.recommend(asked)).blend).toEqual({ real_time: 0.5, offline: 0.5, labels: 0 });
  rig.pass(hour);
  await rig.tell(['view', 'bob', 'i1']);
  const { blend, items: ranked } = await rig.recommend(asked);
  expect(blend?.labels).toBe(420);
  expect(blend?.offline).toBeGreaterThan(0.9);
  expect(ranked.slice(0, 3).map(({ item_id }) => item_id)).toEqual(['i19', 'i18', 'i17']);
  expect(rig.running.report().blend).toEqual({ realTime: blend?.real_time, offline: blend?.offline, labels: 420 });
  const [first] = await rig.records();
  expect(first).toMatchObject({ kind: 'recommendation', blend: { real_time: 0.5, offline: 0.5, labels: 0 } });
  await rig.running.stop();
});

test('too few outcomes change nothing, and a lower limit takes effect without a restart', async () => {
  const rig = await started(learning(10_000));
  await showAll(rig);
  rig.pass(2 * hour);
  await rig.tell(['view', 'bob', 'i1']);
  const asked = { user_id: 'ann', item_ids: items };
  expect((await rig.recommend(asked)).blend).toEqual({ real_time: 0.5, offline: 0.5, labels: 400 });
  expect(await rig.running.update(learning(300))).toBe(true);
  await rig.step();
  const { blend } = await rig.recommend(asked);
  expect(blend?.offline).toBeGreaterThan(0.9);
  await rig.running.stop();
});
