import { RankedFeed } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { authorWindow } from './feed/author-window.ts';
import { startEmbedded } from './feed/embedded.ts';

const modes = ['FanOutOnWrite', 'RankOnRead'];

test.each(modes)('what a user has seen does not come again for a while, by %s', async (mode) => {
  let now = Date.now();
  const clock = { now: () => now };
  const rules = '  rules: [{ name: not-again, dropSeen: { for: 1h } }]';
  const { client, change } = await startEmbedded(`  mode: ${mode}`, { clock });
  await client.follow('bob', 'ann');
  await client.post('ann', 'one');
  await client.until('bob', ['one']);
  expect(await change(`  mode: ${mode}\n${rules}`)).toContain('updated api live');
  expect(await client.texts('bob')).toEqual(['one']);
  await client.until('bob', []);
  now += 1_800_000;
  await client.post('ann', 'two');
  await client.until('bob', ['two']);
  await client.until('bob', []);
  now += 1_800_001;
  await client.until('bob', ['one']);
  expect(await change(`  mode: ${mode}`)).toContain('updated api live');
  expect(await client.texts('bob')).toEqual(['two', 'one']);
});

test('one author has no more than a share of the top of a page, and no post is lost over pages', async () => {
  const { client } = await startEmbedded(
    '  rules: [{ name: not-one-voice, diversity: { maxPerAuthor: 1, inFirst: 3 } }]',
  );
  for (const author of ['ann', 'cid', 'dan']) await client.follow('bob', author);
  for (const [author, text] of ['c1', 'd1', 'a1', 'a2', 'a3'].map((text) => [`${text[0]}`, text]))
    await client.post({ a: 'ann', c: 'cid', d: 'dan' }[author ?? ''] ?? '', text ?? '');
  await client.until('bob', ['a3', 'd1', 'c1', 'a2', 'a1']);
  const first = await client.page('bob', '?limit=3');
  const second = await client.page('bob', `?limit=3&cursor=${first.next_cursor}`);
  expect([first, second].map(({ posts }) => posts.map(({ text }) => text))).toEqual([
    ['a3', 'a2', 'a1'],
    ['d1', 'c1'],
  ]);
});

test('what stands on a block list is nobody’s, from a second after its ConfigMap was written', async () => {
  const block = '  rules: [{ name: never, block: { listRef: { name: blocked, key: ids } } }]';
  const { client, write } = await startEmbedded(block, { files: { 'configs/blocked/ids': 'cid # spam\n' } });
  for (const author of ['ann', 'cid']) await client.follow('bob', author);
  const one = await client.post('ann', 'one');
  await client.post('cid', 'spam');
  await client.post('ann', 'two');
  await client.until('bob', ['two', 'one']);
  write('configs/blocked/ids', `${one.post_id}\n`);
  await client.until('bob', ['two', 'spam']);
});

test('conditions see the post and the user, and change live', async () => {
  const where = (condition: string) => `  rules: [{ name: fits, where: '${condition}' }]`;
  const { client, change } = await startEmbedded(where('post.text != "two" || user.user_id == "cid"'));
  for (const user of ['bob', 'cid']) await client.follow(user, 'ann');
  for (const text of ['one', 'two', 'three']) await client.post('ann', text);
  await client.until('cid', ['three', 'two', 'one']);
  expect(await client.texts('bob')).toEqual(['three', 'one']);
  expect(await change(where('size(user.tags) == 0 && post.text == "one"'))).toContain('updated api live');
  expect(await client.texts('bob')).toEqual(['one']);
});

test('rules hold for ranked accounts: what was seen goes, and blocks are cut', async () => {
  const ranking = '  ranking: { windowRef: { name: author-72h }, weights: { likes: 1 } }';
  const cut = '  rules: [{ name: few, diversity: { maxPerAuthor: 1, inFirst: 2 } }]';
  const { client, change, count } = await startEmbedded(`${ranking}\n${cut}`, { more: authorWindow });
  for (const author of ['ann', 'cid', 'dan']) await client.follow('bob', author);
  for (const text of ['a1', 'a2']) await client.post('ann', text);
  for (const text of ['c1', 'c2']) await client.post('cid', text);
  for (const text of ['d1', 'd2']) await client.post('dan', text);
  await client.until('bob', ['d2', 'c2', 'd1', 'c1', 'a2', 'a1']);
  await count({ ann: { likes: '3' }, cid: { likes: '2' }, dan: { likes: '1' } });
  const ranked = async () => {
    const { accounts } = RankedFeed.parse(await (await client.send('GET', '/v1/ranked/bob')).json());
    return accounts.map(({ posts }) => posts.map(({ text }) => text));
  };
  expect(await ranked()).toEqual([['a2'], ['c2'], ['d2', 'd1']]);
  await change(`${ranking}\n  rules: [{ name: once, dropSeen: {} }]`);
  expect(await ranked()).toEqual([
    ['a2', 'a1'],
    ['c2', 'c1'],
    ['d2', 'd1'],
  ]);
  await expect.poll(ranked).toEqual([]);
});
