import { join } from 'node:path';
import type { ScorerProgram } from '@groundswell/graph';
import { rescore } from '@groundswell/scorer';
import type { Prediction, SocialEvent } from '@groundswell/wire';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadPrograms } from '../load.ts';
import { type LoggedEvent, tellStory } from './post-story.ts';
import { renderStory } from './render.ts';

const directory = join(import.meta.dirname, '..', '..', '..', '..', 'examples', 'virality');
const minute = 60_000;
let program: ScorerProgram;
let names: readonly string[];

beforeAll(async () => {
  const { programs } = await loadPrograms([directory], 'local');
  const found = programs.find((each) => each.kind === 'scorer');
  if (found === undefined) throw new Error('the example has no model');
  program = found;
  names = found.features.filter(({ hidden }) => !hidden).map(({ name }) => name);
});

const prediction = (over: Partial<Prediction>): Prediction => ({
  ...{ model: 'virality', variant: 'champion', digest: 'aa', shadow: false, post_id: 'p1', author_id: 'a1' },
  ...{ posted_at: 0, scored_at: 0, age_ms: 0, trigger: 'age', score: 0.5, latency_ms: null },
  vector: names.map((_, i) => (i === 1 ? null : i)),
  ...over,
});
const event = (offset: number, at: number): LoggedEvent => ({
  topic: 'virality.events',
  offset: String(offset),
  event: {
    id: `e${offset}`,
    type: 'repost',
    at,
    ingested_at: 0,
    source: 's',
    post_id: 'p1',
    user_id: 'u',
    author_id: 'a1',
  } as SocialEvent,
});

describe('the story of a score', () => {
  const predictions = (): readonly Prediction[] => [
    prediction({ scored_at: minute, score: 0.2 }),
    prediction({ post_id: 'p2', scored_at: minute, score: 0.4 }),
    prediction({ post_id: 'p3', scored_at: minute, score: 0.1 }),
    prediction({ scored_at: 3 * minute, score: 0.9, variant: 'challenger', shadow: true }),
    prediction({ scored_at: 5 * minute, score: 0.6 }),
    prediction({ post_id: 'p2', scored_at: 9 * minute, score: 0.7 }),
  ];
  const recorded = (at: number | undefined) => ({
    ...{ postId: 'p1', at, predictions: predictions() },
    events: [event(3, minute), event(9, 4 * minute), event(12, 8 * minute)],
  });

  test.each([
    { at: minute, score: 0.2, rank: 2, of: 3, events: ['3'] },
    { at: 6 * minute, score: 0.6, rank: 1, of: 3, events: ['3', '9'] },
    { at: undefined, score: 0.6, rank: 2, of: 3, events: ['3', '9', '12'] },
  ])('as of $at is of what was known then', ({ at, score, rank, of, events }) => {
    const story = tellStory(program, recorded(at));
    expect({ score: story.prediction.score, rank: story.rank, of: story.of }).toEqual({ score, rank, of });
    expect(story.events.map(({ offset }) => offset)).toEqual(events);
  });

  test('names each value of the vector, and where it is from', () => {
    const { features } = tellStory(program, recorded(undefined));
    expect(features.slice(0, 3)).toEqual([
      { name: 'age_minutes', value: 0, from: 'age / 60000.0' },
      { name: 'reposts', value: null, from: 'post-1h.reposts' },
      { name: 'reposts_5m', value: 2, from: 'post-5m.reposts_5m' },
    ]);
  });

  test('of a post that was not scored by then is none', () => {
    expect(() => tellStory(program, recorded(minute - 1))).toThrow(
      /^Cannot explain post "p1": .* has not scored it by/,
    );
  });

  test('says loudly when the score is another now', () => {
    const story = tellStory(program, recorded(undefined));
    const lines = renderStory(story, { score: 0.5999999, digest: 'aa', isEqual: false }, { width: 120 });
    expect(lines[3]).toBe('  scored again from this vector: 0.5999999, NOT EQUAL');
  });
});

test('a vector is scored again by its artifact, and every bit counts', async () => {
  const first = await rescore(program, prediction({}), { directory });
  expect(first.isEqual).toBe(false);
  const { score, digest } = first;
  expect(await rescore(program, prediction({ score, digest }), { directory })).toEqual({
    score,
    digest,
    isEqual: true,
  });
  const off = new Float64Array([score]);
  new BigUint64Array(off.buffer)[0]! += 1n;
  expect((await rescore(program, prediction({ score: off[0] ?? 0, digest }), { directory })).isEqual).toBe(false);
  await expect(rescore(program, prediction({ variant: 'gone' }), { directory })).rejects.toThrow('no variant "gone"');
});
