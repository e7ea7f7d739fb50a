import { SocialEvent } from '@groundswell/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GenerateOptions, generateEvents } from './generate.ts';

const hour = 3_600_000;
const day = 24 * hour;
const monday = Date.UTC(2026, 0, 5);

const options = (changes: Partial<GenerateOptions> = {}): GenerateOptions => ({
  source: 'demo',
  seed: 7,
  startAt: monday,
  postsPerHour: 40,
  authors: 500,
  durationMs: day,
  maxOutOfOrdernessMs: 5000,
  lateShare: 0.01,
  duplicateShare: 0.02,
  deleteShare: 0.02,
  ...changes,
});
const all = (changes?: Partial<GenerateOptions>, from?: number): readonly SocialEvent[] => [
  ...generateEvents(options(changes), from),
];

const threeDays = all({ durationMs: 3 * day });
const posts = threeDays.filter(({ type }) => type === 'post');
const once = [...new Map(threeDays.map((event) => [event.id, event])).values()];

describe('a generated stream', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(all()).toEqual(all());
    expect(all({ seed: 8 })).not.toEqual(all());
  });

  test('is made of valid events', () => {
    for (const event of threeDays) SocialEvent.parse(event);
    expect(new Set(threeDays.map(({ type }) => type))).toEqual(
      new Set(['post', 'repost', 'quote', 'like', 'reply', 'follow', 'delete']),
    );
  });

  test('comes in the order of arrival, and nothing arrives before it happened', () => {
    const arrivals = threeDays.map(({ ingested_at }) => ingested_at);
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
    expect(threeDays.filter(({ at, ingested_at }) => ingested_at < at)).toEqual([]);
  });

  test('goes on without an end where no duration is given', () => {
    const events = generateEvents(options({ durationMs: undefined } as never));
    let last: SocialEvent | undefined;
    for (let i = 0; i < 5000; i++) last = events.next().value as SocialEvent;
    expect(last?.at).toBeGreaterThan(monday);
  });

  test('gives, from any moment on, exactly what arrives from then', () => {
    const whole = all();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (cut) => {
        const from = whole[cut]?.ingested_at ?? 0;
        expect(all({}, from)).toEqual(whole.filter(({ ingested_at }) => ingested_at >= from));
      }),
      { numRuns: 10 },
    );
  });

  test('needs only the two days before a moment to go on from it', () => {
    const from = monday + 80 * hour;
    const rest = (durationMs: number) => all({ durationMs, postsPerHour: 5 }, from).length;
    expect(rest(90 * hour)).toBeGreaterThan(0);
    const whole = all({ durationMs: 90 * hour, postsPerHour: 5 });
    expect(all({ durationMs: 90 * hour, postsPerHour: 5 }, from)).toEqual(
      whole.filter(({ ingested_at }) => ingested_at >= from),
    );
  });
});

describe('disorder', () => {
  test('is within the limit but for the share that is late', () => {
    const late = once.filter(({ at, ingested_at }) => ingested_at - at > 5000 + 30_000);
    expect(late.length / once.length).toBeGreaterThan(0.004);
    expect(late.length / once.length).toBeLessThan(0.02);
    const disordered = threeDays.filter(({ at }, i) => at < (threeDays[i - 1]?.at ?? 0));
    expect(disordered.length).toBeGreaterThan(100);
  });

  test('repeats about the share of events that was asked for', () => {
    const repeats = threeDays.length - once.length;
    expect(repeats / once.length).toBeGreaterThan(0.015);
    expect(repeats / once.length).toBeLessThan(0.025);
  });

  test('can be switched off', () => {
    const calm = all({ maxOutOfOrdernessMs: 0, lateShare: 0, duplicateShare: 0 });
    expect(calm.filter(({ at, ingested_at }) => at !== ingested_at)).toEqual([]);
    expect(new Set(calm.map(({ id }) => id)).size).toBe(calm.length);
  });

  test('lets nothing happen to a post after its author took it back', () => {
    const deletedAt = new Map(once.filter((e) => e.type === 'delete').map((e) => [e.post_id, e.at]));
    expect(deletedAt.size).toBeGreaterThan(20);
    expect(once.filter((e) => e.type !== 'delete' && e.at >= (deletedAt.get(e.post_id) ?? Infinity))).toEqual([]);
  });
});

/** Probability that a viral post has more of the figure than another one. */
const auc = (figure: (post: SocialEvent) => number, viral: ReadonlySet<string>): number => {
  const of = (wanted: boolean) => posts.filter(({ post_id }) => viral.has(post_id) === wanted).map(figure);
  const [yes, no] = [of(true), of(false)];
  let wins = 0;
  for (const a of yes) for (const b of no) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (yes.length * no.length);
};

describe('virality', () => {
  const postedAt = new Map(posts.map(({ post_id, at }) => [post_id, at]));
  const spreads = once.filter(({ type }) => type === 'repost' || type === 'quote');
  const countWithin = (ms: number): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const { post_id, at } of spreads) {
      if (at - (postedAt.get(post_id) ?? 0) < ms) counts.set(post_id, (counts.get(post_id) ?? 0) + 1);
    }
    return counts;
  };
  const viral = new Set([...countWithin(day)].filter(([, count]) => count >= 57).map(([id]) => id));

  test('is rare: between 5 and 10 % of the posts reach 57 reposts and quotes within a day', () => {
    expect(viral.size / posts.length).toBeGreaterThan(0.05);
    expect(viral.size / posts.length).toBeLessThan(0.1);
  });

  test('can partly be seen from the audience, and better from early reposts', () => {
    const early = countWithin(10 * 60_000);
    const fromFollowers = auc(({ user }) => user?.followers ?? 0, viral);
    const fromEarly = auc(({ post_id }) => early.get(post_id) ?? 0, viral);
    expect(fromFollowers).toBeGreaterThan(0.7);
    expect(fromEarly).toBeGreaterThan(fromFollowers);
    expect(fromEarly).toBeLessThan(0.96);
  });

  test('has a heavy tail: 1 % of the posts get more than 10 % of the reposts', () => {
    const counts = [...countWithin(day).values()].sort((a, b) => b - a);
    const total = counts.reduce((a, b) => a + b, 0);
    const top = counts.slice(0, Math.ceil(posts.length / 100)).reduce((a, b) => a + b, 0);
    expect(top / total).toBeGreaterThan(0.1);
  });

  test('follows the day: the evening is busier than the hours before dawn', () => {
    const between = (from: number, to: number) =>
      posts.filter(({ at }) => at % day >= from * hour && at % day < to * hour).length;
    expect(between(18, 22)).toBeGreaterThan(2 * between(2, 6));
  });
});
