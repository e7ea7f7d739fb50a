import { join } from 'node:path';
import { createGroundswell } from '@groundswell/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rows } from '../browser/rows.ts';
import type { World } from '../browser/world.ts';
import { createApi, key, python, run } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createApi();
});
afterAll(() => world.stop());

const ranked = rows.toSorted((a, b) => b.score - a.score).map(({ id }) => id);

test('a program in Python reads pages, posts, follows the stream and is told what it did wrong', async () => {
  const { code, said } = await run(python(), [join(import.meta.dirname, 'python', 'stranger.py'), world.url, key]);
  expect(code, said).toBe(0);
  const found = JSON.parse(said);
  expect(found.pages.flat()).toEqual(ranked);
  expect(found.pages.length).toBe(Math.ceil(ranked.length / 4));
  expect(found).toMatchObject({ unchanged: 304, post: [201, 'hello'], streamed: ranked[0], left: true });
  expect(found.wrong).toEqual([
    ...[400, 'application/problem+json'],
    'Cannot answer /v1/top: limit is "0", a whole number from 1 to 100 is needed',
  ]);
  expect(found.stranger).toEqual([401, 'Bearer realm="groundswell"']);
});

test('a program in TypeScript does the same with the typed client', async () => {
  const groundswell = createGroundswell({ url: world.url, key });
  const { data } = await groundswell.GET('/v1/top', { params: { query: { limit: 3 } } });
  expect(data?.posts.map(({ post_id }) => post_id)).toEqual(ranked.slice(0, 3));
  const posted = await groundswell.POST('/v1/posts', { body: { author_id: 'ann', text: 'hello' } });
  expect(posted.data).toMatchObject({ author_id: 'ann', text: 'hello' });
  const { error } = await groundswell.GET('/v1/models/{model}', { params: { path: { model: 'fame' } } });
  expect(error).toMatchObject({ status: 404 });
  const stop = new AbortController();
  for await (const heard of groundswell.follow({ events: ['top', 'rollouts'], limit: 1, signal: stop.signal }))
    if (heard.event === 'top') {
      expect(heard.data.posts.map(({ post_id }) => post_id)).toEqual([ranked[0]]);
      stop.abort();
    }
});
