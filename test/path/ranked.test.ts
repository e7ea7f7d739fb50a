import { RankedFeed } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { authorWindow } from './feed/author-window.ts';
import { startEmbedded } from './feed/embedded.ts';

const ranking = (weights: string, more = ''): string =>
  `  ranking: { windowRef: { name: author-72h }, weights: ${weights}, postsPerAccount: 2${more} }`;

const start = async (fields: string) => {
  const { client, count, change } = await startEmbedded(fields, { more: authorWindow });
  const ask = async (user: string, query = ''): Promise<Response> => client.send('GET', `/v1/ranked/${user}${query}`);
  return {
    client,
    change,
    ask,
    order: async (user: string) => {
      const { accounts } = RankedFeed.parse(await (await ask(user)).json());
      return accounts.map(({ author_id, score, posts }) => [author_id, score, ...posts.map(({ text }) => text)]);
    },
    count,
  };
};

test('followed accounts come by score, each with its newest posts, by weights that change live', async () => {
  const { client, count, order, change } = await start(ranking('{ clicks: 1, likes: 10 }'));
  for (const author of ['ann', 'cid', 'dan', 'eve']) await client.follow('bob', author);
  for (const text of ['a1', 'a2', 'a3']) await client.post('ann', text);
  await client.post('cid', 'c1');
  await client.post('eve', 'of whom nothing is counted');
  await client.until('bob', ['of whom nothing is counted', 'c1', 'a3', 'a2', 'a1']);
  await count({ ann: { clicks: '30', likes: '1' } });
  await count({ cid: { clicks: '5', likes: '4' } });
  await count({ dan: { clicks: '99', likes: '99' } });
  expect(await order('bob')).toEqual([
    ['cid', 45, 'c1'],
    ['ann', 40, 'a3', 'a2'],
  ]);
  expect(await change(ranking('{ clicks: 1, likes: 0 }'))).toContain('updated api live');
  expect(await order('bob')).toEqual([
    ['ann', 30, 'a3', 'a2'],
    ['cid', 5, 'c1'],
  ]);
  await client.unfollow('bob', 'ann');
  expect(await order('bob')).toEqual([['cid', 5, 'c1']]);
  await client.block('bob', 'cid');
  expect(await order('bob')).toEqual([]);
});

test('an expression may stand for weights, and changes live as they do', async () => {
  const by = (expression: string) => ranking('', '').replace('weights: ', `expression: ${JSON.stringify(expression)}`);
  const { client, count, order, change } = await start(by('clicks + 2.0 * sqrt(likes)'));
  for (const author of ['ann', 'cid']) await client.follow('bob', author);
  await client.post('ann', 'a');
  await client.post('cid', 'c');
  await client.until('bob', ['c', 'a']);
  await count({ ann: { clicks: '3', likes: '16' } });
  await count({ cid: { clicks: '10' } });
  expect(await order('bob')).toEqual([
    ['ann', 11, 'a'],
    ['cid', 10, 'c'],
  ]);
  expect(await change(by('max(clicks, likes) * 1.0'))).toContain('updated api live');
  expect(await order('bob')).toEqual([
    ['ann', 16, 'a'],
    ['cid', 10, 'c'],
  ]);
});

test('an order is used again for a while, and old posts are left out', async () => {
  const { client, count, order } = await start(ranking('{ clicks: 1 }', ', cacheTtl: 1h, maxPostAge: 1h'));
  await client.follow('bob', 'ann');
  await client.follow('bob', 'cid');
  await client.post('ann', 'a');
  await client.post('cid', 'c');
  await client.until('bob', ['c', 'a']);
  await count({ ann: { clicks: '2' } });
  await count({ cid: { clicks: '1' } });
  expect(await order('bob')).toEqual([
    ['ann', 2, 'a'],
    ['cid', 1, 'c'],
  ]);
  await count({ cid: { clicks: '9' } });
  expect((await order('bob')).map(([author]) => author)).toEqual(['ann', 'cid']);
});

test('without a ranking there is none, and it is said what is needed', async () => {
  const { ask } = await start('');
  const answer = await ask('bob');
  expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('spec.ranking is needed')]);
});
