import { parseTimeline, shardOf } from '@groundswell/feeds';
import { feedKeysOf } from '@groundswell/wire';
import { describe, expect, test } from 'vitest';
import { startEmbedded } from './feed/embedded.ts';

const modes = [
  { mode: 'FanOutOnWrite', fields: '  mode: FanOutOnWrite' },
  { mode: 'RankOnRead', fields: '  mode: RankOnRead' },
  { mode: 'Hybrid, of small accounts', fields: '  mode: Hybrid' },
  { mode: 'Hybrid, of large accounts', fields: '  hybrid: { maxFollowers: 0 }' },
];

describe.each(modes)('a timeline by $mode', ({ fields }) => {
  test('has the posts of followed accounts, newest first, and no others', async () => {
    const { client } = await startEmbedded(fields);
    await client.follow('bob', 'ann');
    await client.follow('bob', 'cid');
    await client.until('bob', []);
    await client.post('ann', 'one');
    await client.post('dan', 'nobody reads it');
    await client.post('cid', 'two');
    await client.post('ann', 'three');
    await client.until('bob', ['three', 'two', 'one']);
    expect(await client.texts('ann')).toEqual([]);
  });

  test('changes with a follow, an unfollow, a block and a delete on the next read', async () => {
    const { client } = await startEmbedded(fields);
    await client.follow('bob', 'ann');
    const one = await client.post('ann', 'one');
    await client.post('cid', 'from cid');
    await client.until('bob', ['one']);
    await client.follow('bob', 'cid');
    expect(await client.texts('bob')).toEqual(['from cid', 'one']);
    await client.unfollow('bob', 'cid');
    expect(await client.texts('bob')).toEqual(['one']);
    await client.remove(one.post_id);
    expect(await client.texts('bob')).toEqual([]);
    await client.post('ann', 'two');
    await client.until('bob', ['two']);
    await client.block('bob', 'ann');
    expect(await client.texts('bob')).toEqual([]);
    const again = await client.send('POST', '/v1/follows', { user_id: 'ann', followed_id: 'bob' });
    expect(again.status).toBe(403);
  });

  test('is read page by page, each post once', async () => {
    const { client } = await startEmbedded(fields);
    for (const author of ['ann', 'cid', 'dan']) await client.follow('bob', author);
    const posted: string[] = [];
    for (let i = 0; i < 15; i++) posted.unshift((await client.post(['ann', 'cid', 'dan'][i % 3] ?? '', `${i}`)).text);
    await client.until('bob', posted);
    const read: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await client.page('bob', `?limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`);
      read.push(...page.posts.map(({ text }) => text));
      cursor = page.next_cursor;
    }
    expect(read).toEqual(posted);
  });
});

test('a timeline is cut to its length, and filled again with the newest posts of each account', async () => {
  const { client, keyValue } = await startEmbedded('  mode: FanOutOnWrite\n  timeline: { length: 10, refillPosts: 3 }');
  await client.follow('bob', 'ann');
  await client.until('bob', []);
  for (let i = 0; i < 30; i++) await client.post('ann', `${i}`);
  await client.until('bob', ['29', '28', '27', '26', '25', '24', '23', '22', '21', '20']);
  const key = `${feedKeysOf('small').timelinePrefix(shardOf('bob', 64))}bob`;
  const batch = keyValue.batch();
  const texts = batch.listRange(key, 0, -1);
  batch.delete(key);
  await batch.run();
  expect(texts.value().length).toBeLessThanOrEqual(12);
  expect(await client.texts('bob')).toEqual(['29', '28', '27']);
});

test('what is left behind by an unfollow is cleaned up', async () => {
  const { client, keyValue } = await startEmbedded('  mode: FanOutOnWrite');
  await client.follow('bob', 'ann');
  await client.until('bob', []);
  await client.post('ann', 'one');
  await client.until('bob', ['one']);
  await client.unfollow('bob', 'ann');
  const stored = async () => {
    const batch = keyValue.batch();
    const texts = batch.listRange(`${feedKeysOf('small').timelinePrefix(shardOf('bob', 64))}bob`, 0, -1);
    await batch.run();
    return parseTimeline(texts.value()).entries.length;
  };
  expect(await stored()).toBe(1);
  expect(await client.texts('bob')).toEqual([]);
  await expect.poll(stored).toBe(0);
});

test('the mode changes live, there and back, and no post is missing', async () => {
  const { client, change } = await startEmbedded('  mode: FanOutOnWrite');
  await client.follow('bob', 'ann');
  await client.until('bob', []);
  const expected: string[] = [];
  const postWith = async (mode: string): Promise<void> => {
    expect(await change(`  mode: ${mode}`)).toContain('updated feed-home live');
    await client.post('ann', mode);
    expected.unshift(mode);
    await client.until('bob', expected);
  };
  for (const mode of ['RankOnRead', 'FanOutOnWrite', 'Hybrid', 'RankOnRead', 'Hybrid']) await postWith(mode);
});

test('posts are read alone and many at once, until they are deleted', async () => {
  const { client } = await startEmbedded();
  await client.follow('bob', 'ann');
  const [one, two] = [await client.post('ann', 'one'), await client.post('ann', 'two')];
  await client.until('bob', ['two', 'one']);
  expect(await (await client.send('GET', `/v1/posts/${one.post_id}`)).json()).toEqual(one);
  const many = await client.send('GET', `/v1/posts?ids=${two.post_id},${one.post_id},123`);
  expect(await many.json()).toEqual({ posts: [two, one] });
  await client.remove(one.post_id);
  const gone = await client.send('GET', `/v1/posts/${one.post_id}`);
  expect([gone.status, ((await gone.json()) as { detail: string }).detail]).toEqual([
    404,
    `Cannot find post ${one.post_id}: it was deleted, the id of another is needed`,
  ]);
});

describe('a request that cannot be', () => {
  test('gets a problem that says what is needed, never a 500', async () => {
    const { client } = await startEmbedded();
    const cases: readonly (readonly [string, string, object | undefined, number, RegExp])[] = [
      ['GET', '/v1/timelines/nobody-knows', undefined, 200, /"posts":\[\]/],
      ['GET', '/v1/timelines/bob?cursor=9007199254740993', undefined, 400, /a whole number below 2\^53 is needed/],
      ['GET', '/v1/timelines/bob?limit=1000', undefined, 400, /from 1 to 100 is needed/],
      ['GET', '/v1/timelines/bob?page=2', undefined, 400, /the parameter \\"page\\" is not known/],
      ['GET', `/v1/timelines/${'x'.repeat(600)}`, undefined, 400, /at most 512 characters/],
      ['GET', '/v1/posts/99999999999999999999', undefined, 400, /below 2\^53/],
      ['GET', '/v1/posts/-1', undefined, 400, /below 2\^53/],
      ['GET', '/v1/posts/123', undefined, 404, /Cannot find post 123/],
      ['GET', '/v1/posts', undefined, 400, /ids.* is missing/],
      ['POST', '/v1/posts', { text: 'x' }, 400, /author_id/],
      ['POST', '/v1/posts', { author_id: 'a', text: 'x', post_id: '1' }, 400, /post_id/],
      ['POST', '/v1/posts', { author_id: 'a', text: 'x'.repeat(100_000) }, 400, /text/],
      ['POST', '/v1/posts', { author_id: 'a', text: 'x'.repeat(2_000_000) }, 413, /larger than 1048576 bytes/],
      ['POST', '/v1/follows', { user_id: 'a', followed_id: 'a' }, 400, /it is the user itself/],
      ['POST', '/v1/follows', { user_id: '', followed_id: 'a' }, 400, /user_id/],
      ['DELETE', '/v1/follows?user_id=a', undefined, 400, /followed_id/],
      ['DELETE', '/v1/follows?user_id=a&followed_id=b', undefined, 204, /^$/],
      ['POST', '/v1/clicks', { user_id: 'a', post_id: '123' }, 404, /Cannot find post 123/],
      ['POST', '/v1/clicks', { user_id: 'a', post_id: 'x' }, 400, /below 2\^53/],
    ];
    const answered = await Promise.all(
      cases.map(async ([method, path, body]) => {
        const answer = await client.send(method, path, body);
        return { path, status: answer.status, text: await answer.text() };
      }),
    );
    expect(answered).toEqual(
      cases.map(([, path, , status, text]) => ({ path, status, text: expect.stringMatching(text) })),
    );
  });
});
