import type { RecommendationRecord } from '@groundswell/wire';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startExample, until } from './recommend/embedded.ts';

let example: Awaited<ReturnType<typeof startExample>>;
beforeAll(async () => {
  example = await startExample();
  await example.articles();
  await until(
    () => example.recommend({ user_id: 'somebody' }),
    ({ items }) => items.length === 10,
  );
});
afterAll(() => example.stop());

test('a new user gets what is hot, what has the named tags, and new items', async () => {
  const { send, recommend } = example;
  const named = await send('PUT', '/v1/interests', JSON.stringify({ user_id: 'nia', tags: ['cats', 'space'] }));
  expect(named.status).toBe(204);
  const { cold, items, variant } = await recommend({ user_id: 'nia' });
  expect({ cold, variant }).toEqual({ cold: true, variant: null });
  const ofTags = items.filter(({ reason }) => /^About (cats|space)/.test(reason.text));
  expect(ofTags.length).toBeGreaterThanOrEqual(3);
  expect(items.some(({ reason }) => reason.sources.includes('exploration'))).toBe(true);
  expect(new Set(items.map(({ item_id }) => item_id)).size).toBe(items.length);
});

test('three clicks on pets in a row move pets up in the next answer, ranked by the model', async () => {
  const { act, recommend } = example;
  for (const id of ['a01', 'a02', 'a11']) await act('click', 'ann', id, ['pets', 'dogs']);
  const asked = { user_id: 'ann', item_ids: ['a03', 'a12', 'a21'] };
  const answer = await until(
    () => recommend(asked),
    ({ items }) => items[0]?.reason.text.includes('moved up by "pets"') === true,
  );
  expect(answer).toMatchObject({ cold: false, variant: 'champion', fallbacks: [], unknown_items: [] });
  expect(answer.items.at(-1)?.item_id).toBe('a03');
  const scores = answer.items.map(({ score }) => score ?? Number.NaN);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
});

test('two comments make a user active', async () => {
  const { act, recommend } = example;
  await act('reply', 'eve', 'a05');
  await act('reply', 'eve', 'a06');
  const asked = { user_id: 'eve', item_ids: ['a05'] };
  await until(
    () => recommend(asked),
    ({ items }) => items[0]?.reason.text.includes('moved up by "lively"') === true,
  );
});

test('what was shown does not come again, and is logged with what came of it', async () => {
  const { act, recommend, logged } = example;
  const first = await recommend({ user_id: 'bob', limit: 5 });
  const shown = first.items.map(({ item_id }) => item_id);
  const [clicked = ''] = shown;
  await until(logged, (records) => records.some(({ id }) => id === first.id));
  await act('click', 'bob', clicked);
  await act('click', 'bob', clicked);
  const second = await until(
    () => recommend({ user_id: 'bob', limit: 4 }),
    ({ cached }) => !cached,
  );
  expect(second.items.filter(({ item_id }) => shown.includes(item_id))).toEqual([]);
  const records = await until(logged, (all) => all.some(({ kind }) => kind === 'success'));
  const of = <K extends RecommendationRecord['kind']>(kind: K) =>
    records.filter((record) => record.kind === kind && record.id === first.id);
  expect(of('recommendation')).toMatchObject([{ user_id: 'bob', items: shown.map((item_id) => ({ item_id })) }]);
  expect(of('success')).toMatchObject([{ user_id: 'bob', item_id: clicked, type: 'click' }]);
});

test('the same question is answered again until the user does something', async () => {
  const { act, recommend } = example;
  const asked = { user_id: 'cid', item_ids: ['a01', 'a02'] };
  const first = await recommend(asked);
  expect(first.cached).toBe(false);
  const [again, other] = await Promise.all([recommend(asked), recommend({ ...asked, item_ids: ['a01'] })]);
  expect(again).toEqual({ ...first, cached: true });
  expect(other.cached).toBe(false);
  await act('click', 'cid', 'a02');
  await until(
    () => recommend(asked),
    ({ cached }) => !cached,
  );
});

test.each([
  ['an empty list', { user_id: 'x', item_ids: [] }, 400, 'item_ids'],
  ['no user', {}, 400, 'user_id'],
  ['a number beyond 2^53', '{"user_id": 9007199254740993}', 400, 'within 2^53'],
  ['an item beyond 2^53', '{"user_id": "x", "item_ids": [9007199254740993]}', 400, 'within 2^53'],
  ['a negative limit', { user_id: 'x', limit: -1 }, 400, 'limit'],
  ['more than the resource allows', { user_id: 'x', limit: 11 }, 400, 'at most 10 are allowed'],
  [
    '100,000 items',
    { user_id: 'x', item_ids: Array.from({ length: 100_000 }, (_, i) => `item-${i}`) },
    413,
    'at most 1000',
  ],
  [
    'a body beyond what the API takes',
    { user_id: 'x', item_ids: ['i'.repeat(2 ** 23)] },
    413,
    'larger than 8388608 bytes',
  ],
  ['a field that there is not', { user_id: 'x', weights: { realTime: -1 } }, 400, 'weights'],
  ['no JSON', '{', 400, 'the body is no JSON'],
])('%s is refused with the reason', async (_, body, status, reason) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await example.send('POST', '/v1/recommend', text);
  expect(answer.status).toBe(status);
  expect(((await answer.json()) as { detail: string }).detail).toContain(reason);
});

test('items that nobody knows are named and left out, users without a history are new', async () => {
  const { recommend } = example;
  expect(await recommend({ user_id: 7, item_ids: ['nowhere', 'a01', 12] })).toMatchObject({
    user_id: '7',
    cold: true,
    unknown_items: ['nowhere', '12'],
    items: [{ rank: 1, item_id: 'a01' }],
  });
  expect((await recommend({ user_id: 'empty', item_ids: ['nowhere'] })).items).toEqual([]);
});

test('another recommender and another method are refused', async () => {
  const { send } = example;
  expect((await send('POST', '/v1/recommend?recommender=nope', '{"user_id": "x"}')).status).toBe(404);
  expect((await send('PUT', '/v1/recommend', '{}')).status).toBe(405);
});
