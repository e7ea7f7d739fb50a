import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { shardOf } from '@groundswell/feeds';
import { feedKeysOf, RankedFeed } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { authorWindow } from './feed/author-window.ts';
import { startEmbedded } from './feed/embedded.ts';

const keys = feedKeysOf('small');
const keyOf = (user: string): string => keys.rankedPrefix(shardOf(user, 64)) + user;

const ranking = (form: 'OnWrite' | 'OnRead', weights = '{ clicks: 1, likes: 10 }'): string =>
  `  ranking: { windowRef: { name: author-72h }, weights: ${weights}, materialize: ${form}, keep: 300, cacheTtl: 1ms }`;

const start = async () => {
  const world = await startEmbedded(ranking('OnWrite'), { more: authorWindow });
  const { client, keyValue } = world;
  const order = async (user: string): Promise<string> => {
    const answer = await client.send('GET', `/v1/ranked/${user}?limit=100`);
    const { accounts } = RankedFeed.parse(await answer.json());
    return accounts.map(({ author_id, score }) => `${author_id} ${score}`).join();
  };
  /** Accounts of a ranking that is kept, without its mark. */
  const kept = async (user: string): Promise<number> => {
    const batch = keyValue.batch();
    const count = batch.sortedCount(keyOf(user));
    await batch.run();
    return count.value() - 1;
  };
  /** Asks until the ranking is kept: at first nobody keeps rankings up to date. */
  const keep = async (user: string): Promise<void> => {
    await expect.poll(() => order(user).then(() => kept(user)), { timeout: 20_000 }).toBeGreaterThanOrEqual(0);
  };
  return { ...world, order, kept, keep };
};

test('a ranking that is kept on write follows the window, follows, weights and the form, without downtime', async () => {
  const { client, count, order, keep, kept, change, keyValue } = await start();
  for (const author of ['ann', 'cid', 'dan']) await client.follow('bob', author);
  for (const author of ['ann', 'cid', 'dan', 'eve']) await client.post(author, 'text');
  await count({ ann: { clicks: '5' }, cid: { clicks: '4', likes: '1' } });
  await client.until('bob', ['text', 'text', 'text']);
  await keep('bob');
  expect(await kept('bob')).toBe(2);
  expect(await order('bob')).toBe('cid 14,ann 5');
  await count({ ann: { clicks: '15' }, dan: { clicks: '15' } });
  await expect.poll(() => order('bob')).toBe('ann 15,dan 15,cid 14');
  await count({ dan: {} });
  await expect.poll(() => order('bob')).toBe('ann 15,cid 14');
  // What is kept is what is answered.
  const batch = keyValue.batch();
  batch.sortedAdd(keyOf('bob'), [{ member: 'dan', score: -99 }]);
  await batch.run();
  expect(await order('bob')).toBe('dan 99,ann 15,cid 14');
  await client.unfollow('bob', 'dan');
  expect(await order('bob')).toBe('ann 15,cid 14');
  await count({ eve: { likes: '3' } });
  await client.follow('bob', 'eve');
  expect(await order('bob')).toBe('eve 30,ann 15,cid 14');
  await change(ranking('OnWrite', '{ clicks: 10, likes: 1 }'));
  expect(await order('bob')).toBe('ann 150,cid 41,eve 3');
  await keep('bob');
  await expect.poll(async () => (await order('bob')) === 'ann 150,cid 41,eve 3' && (await kept('bob'))).toBe(3);
  await change(ranking('OnRead', '{ clicks: 10, likes: 1 }'));
  expect(await order('bob')).toBe('ann 150,cid 41,eve 3');
  await count({ ann: { clicks: '1' } });
  expect(await order('bob')).toBe('cid 41,ann 10,eve 3');
  await change(ranking('OnWrite', '{ clicks: 10, likes: 1 }'));
  expect(await order('bob')).toBe('cid 41,ann 10,eve 3');
  await keep('bob');
  await expect.poll(() => order('bob')).toBe('cid 41,ann 10,eve 3');
}, 60_000);

const graph = join(import.meta.dirname, '../../../shared/data/follow-graph/Darwin_following_network.csv.gz');

test('on a real graph of follows both forms answer the same, while values change', async ({ skip }) => {
  if (!existsSync(graph)) {
    process.stderr.write(`SKIPPED: there is no ${graph}, so the two forms of a ranking were not compared on it\n`);
    skip();
  }
  const edges = gunzipSync(readFileSync(graph))
    .toString()
    .trim()
    .split('\n')
    .slice(1, 20_001)
    .map((line) => line.trim().split(','))
    .map(([followee = '', follower = '']) => ({ followee, follower }));
  const { count, order, keep, change, keyValue } = await start();
  const stored = keyValue.batch();
  for (const [i, { followee, follower }] of edges.entries()) {
    const shard = shardOf(follower, 64);
    stored.hashSet(keys.following(follower), { [followee]: String(i) });
    stored.hashSet(keys.audience(followee), { [shard]: '1' });
    stored.sortedAdd(keys.followers(shard, followee), [{ member: follower, score: i }]);
  }
  await stored.run();
  const accounts = [...new Set(edges.map(({ followee }) => followee))];
  const users = [...new Set(edges.map(({ follower }) => follower))].filter((_, i) => i % 100 === 0);
  const posting = keyValue.batch();
  for (const [i, author_id] of accounts.entries()) {
    const id = (Date.now() - Date.UTC(2015, 0, 1)) * 4096 + i;
    posting.sortedAdd(keys.postsOf(author_id), [{ member: `${id}`, score: id }]);
    posting.hashSet(keys.post(`${id}`), {
      body: JSON.stringify({ post_id: `${id}`, author_id, text: '', at: 0 }),
    });
  }
  await posting.run();
  let round = 1;
  const values = (every: number) =>
    Object.fromEntries(
      accounts
        .filter((_, i) => i % every === 0)
        .map((author, i) => [
          author,
          (i * round) % 13 === 0 ? {} : { clicks: `${(i * 7919 * round) % 50}`, likes: '1' },
        ]),
    );
  await count(values(1));
  for (const user of users) await keep(user);
  const answers = () => Promise.all(users.map(order));
  for (round = 2; round < 4; round++) {
    await count(values(round));
    await change(ranking('OnRead'));
    const onRead = await answers();
    expect(new Set(onRead).size).toBeGreaterThan(users.length / 2);
    await change(ranking('OnWrite'));
    await expect.poll(answers, { timeout: 20_000 }).toEqual(onRead);
  }
}, 120_000);
