import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SocialEvent } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { loadPrograms } from '../../load.ts';
import { recommenderOf } from './evaluate-recommender.ts';
import { tellRecommender } from './told.ts';

const directory = join(import.meta.dirname, '../../../../../examples/movies');
const films = ['cat', 'dog', 'pet', 'war', 'sea', 'sky'];

const event = (type: SocialEvent['type'], user: string, film: string, at: number): SocialEvent => ({
  ...{ id: `${type}/${user}/${film}`, type, at, ingested_at: at, source: 'test' },
  ...{ post_id: film, user_id: user, author_id: 'films' },
});
const likes = (user: string, liked: readonly string[], at: number): SocialEvent[] =>
  liked.map((film, i) => event('like', user, film, at + i));

test('people get what others took together with what they took, and not again what they have rated', async () => {
  const { programs } = await loadPrograms([directory], 'local');
  const day = 86_400_000;
  const events = [
    ...films.map((film) => event('post', 'films', film, 0)),
    ...Array.from({ length: 12 }, (_, i) => likes(`pets ${i}`, ['cat', 'dog', 'pet'], day * (1 + i))).flat(),
    ...Array.from({ length: 15 }, (_, i) => likes(`wars ${i}`, ['war', 'sea', 'sky'], day * (20 + i))).flat(),
    // As often as it is liked, it counts once.
    ...[1, 2, 3, 4].flatMap((i) => likes('ann', ['cat'], day * 40 + i)),
    event('view', 'ann', 'sky', day * 50),
    event('view', 'ann', 'war', day * 50),
  ];
  const said: number[] = [];
  const told = await tellRecommender(events, {
    ...{ programs, recommender: recommenderOf(programs, undefined), directory, dataDirectories: [] },
    onProgress: (count) => said.push(count),
  });
  try {
    expect(said).toEqual([events.length]);
    const answer = await told.recommend('ann', 3);
    expect(new Set(answer.slice(0, 2))).toEqual(new Set(['dog', 'pet']));
    expect(answer.slice(2)).toEqual(['sea']);
    await told.tell([event('like', 'ann', 'dog', day * 51)]);
    // All of it was shown or rated.
    expect(await told.recommend('ann', 3)).toEqual([]);
  } finally {
    await told.close();
  }
});

test('nobody gets what stands on a block list, from the next answer on after it changed', async () => {
  const { programs } = await loadPrograms([directory], 'local');
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-block-'));
  const list = join(folder, 'configs', 'blocked', 'ids');
  const write = async (text: string): Promise<void> => {
    await mkdir(dirname(list), { recursive: true });
    await writeFile(list, text);
  };
  const block = { kind: 'block', name: 'never', list: { from: 'configMap', name: 'blocked', key: 'ids' } } as const;
  const recommender = { ...recommenderOf(programs, 'films'), rules: [block] };
  const posts = films.map((film) => event('post', 'films', film, 0));
  const options = { programs, recommender, directory, dataDirectories: [folder], onProgress: () => undefined };
  await expect(tellRecommender([], options)).rejects.toThrow('Cannot read "ids" of ConfigMap "blocked"');
  await write('cat # not this one\n\n  war\n');
  const told = await tellRecommender([...posts, ...likes('ann', films, 86_400_000)], options);
  try {
    expect(new Set(await told.recommend('bob', 6))).toEqual(new Set(['dog', 'pet', 'sea', 'sky']));
    await write('sea');
    await told.tell([]);
    expect(new Set(await told.recommend('bob', 6))).toEqual(new Set(['cat', 'dog', 'pet', 'sky', 'war']));
    // The author of all of them.
    await write('films');
    await told.tell([]);
    expect(await told.recommend('bob', 6)).toEqual([]);
  } finally {
    await told.close();
    await rm(folder, { recursive: true });
  }
});

test('a recommender is found by name, or where there is one', async () => {
  const { programs } = await loadPrograms([directory], 'local');
  expect(recommenderOf(programs, 'films').recommender).toBe('films');
  expect(() => recommenderOf(programs, 'shop')).toThrow(
    'Cannot find Recommender "shop": the resources hold "films", one is needed',
  );
  expect(() => recommenderOf([], undefined)).toThrow('Cannot find a Recommender: the resources hold none');
});
