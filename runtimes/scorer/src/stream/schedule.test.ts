import { type EventType, endOfTime, type SocialEvent } from '@groundswell/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { event, program } from '../../test/builders.ts';
import { createSchedule, type Effect, type Schedule, type ScheduleProgram } from './schedule.ts';

const minute = 60_000;
const end = 1e15;

/** Effects as a person would note them: `appeared p at 0`. */
const noteOf = (effect: Effect): string => {
  switch (effect.kind) {
    case 'score':
      return `${effect.trigger} ${effect.post.event.post_id} at ${effect.at}`;
    case 'outcome':
      return `outcome ${effect.outcome.post_id} ${effect.outcome.value} ${effect.outcome.positive}`;
    case 'unlabelled':
      return 'unlabelled';
    case 'end':
      return `end of ${effect.post.event.post_id}`;
    case 'expire':
    case 'delete':
      return `${effect.kind} ${effect.postId}`;
  }
};
const notes = (schedule: Schedule): readonly string[] => schedule.drain().map(noteOf);
const scores = (schedule: Schedule): readonly string[] =>
  notes(schedule).filter((note) => /^(appeared|age|change)/.test(note));

const following = (over: Partial<ScheduleProgram>, ...events: readonly SocialEvent[]): Schedule => {
  const schedule = createSchedule({ ...program(), ...over });
  for (const each of events) schedule.take(each);
  return schedule;
};

describe('a post is scored', () => {
  test('at once when age 0 is declared, and at each age exactly, once the watermark is there', () => {
    const schedule = following({ atMs: [0, 5 * minute, 10 * minute] }, event('post', 'p', 1000));
    expect(scores(schedule)).toEqual(['appeared p at 1000']);
    schedule.advance(1000 + 5 * minute - 1);
    expect(scores(schedule)).toEqual([]);
    schedule.advance(1000 + 5 * minute);
    expect(scores(schedule)).toEqual([`age p at ${1000 + 5 * minute}`]);
    schedule.advance(end);
    expect(scores(schedule)).toEqual([`age p at ${1000 + 10 * minute}`]);
  });

  test('only at its ages when age 0 is not declared', () => {
    const schedule = following({ atMs: [minute] }, event('post', 'p', 0));
    expect(scores(schedule)).toEqual([]);
    schedule.advance(end);
    expect(scores(schedule)).toEqual([`age p at ${minute}`]);
  });

  test('in the order in which ages are reached, over all posts', () => {
    const schedule = following(
      { atMs: [2, 4] },
      event('post', 'late', 3),
      event('post', 'a', 1),
      event('post', 'b', 1),
    );
    schedule.advance(end);
    expect(scores(schedule)).toEqual([
      'age a at 3',
      'age b at 3',
      'age late at 5',
      'age a at 5',
      'age b at 5',
      'age late at 7',
    ]);
  });

  test('once, though it comes twice, and not when it is no entity', () => {
    const schedule = following({}, event('post', 'p', 0), event('post', 'p', 7), event('repost', 'other', 9));
    expect(scores(schedule)).toEqual(['appeared p at 0']);
    expect(schedule.size).toBe(1);
  });
});

describe('a change of a post', () => {
  const onChange = { throttleMs: minute, untilMs: 10 * minute };

  test('is scored at the time of its event, at most once in the throttle', () => {
    const times = [10, minute - 1, minute, minute + 1, 2 * minute - 1, 2 * minute, 5 * minute];
    const schedule = following({ onChange }, event('post', 'p', 0), ...times.map((at) => event('repost', 'p', at)));
    expect(scores(schedule).slice(1)).toEqual([minute, 2 * minute, 5 * minute].map((at) => `change p at ${at}`));
  });

  test('is scored until its last age and not after', () => {
    const times = [10 * minute, 10 * minute + 1, 20 * minute];
    const schedule = following({ onChange }, event('post', 'p', 0), ...times.map((at) => event('like', 'p', at)));
    expect(scores(schedule).slice(1)).toEqual([`change p at ${10 * minute}`]);
  });

  test('is scored from the first event on when the post was not scored at once', () => {
    const schedule = following({ atMs: [minute], onChange }, event('post', 'p', 0), event('like', 'p', 5));
    expect(scores(schedule)).toEqual(['change p at 5']);
  });

  test.each(['outcome', 'follow', 'post'] as const)('is no %s', (type) => {
    const schedule = following({ onChange }, event('post', 'p', 0), event(type, 'p', 2 * minute));
    expect(scores(schedule)).toEqual(['appeared p at 0']);
  });

  test('follows a throttle that was changed', () => {
    const schedule = following({ onChange }, event('post', 'p', 0));
    schedule.setThrottle(5);
    schedule.take(event('like', 'p', 5));
    expect(scores(schedule)).toEqual(['appeared p at 0', 'change p at 5']);
  });

  test('is not scored where changes are not declared', () => {
    expect(scores(following({}, event('post', 'p', 0), event('like', 'p', 2 * minute)))).toEqual(['appeared p at 0']);
  });
});

describe('a deleted post', () => {
  test('is forgotten at once: no age, no outcome', () => {
    const schedule = following({}, event('post', 'p', 0), event('delete', 'p', 5));
    schedule.advance(end);
    expect(notes(schedule)).toEqual(['appeared p at 0', 'delete p']);
    expect(schedule.size).toBe(0);
  });

  test('never appears when its deletion overtook it', () => {
    const schedule = following({}, event('delete', 'p', 5), event('post', 'p', 0));
    schedule.advance(end);
    expect(notes(schedule)).toEqual(['delete p']);
  });
});

test('reposts and quotes are counted, also those that overtook their post', () => {
  const early = [event('repost', 'p', 3), event('repost', 'q', 4), event('quote', 'p', 4), event('like', 'p', 4)];
  const schedule = following({}, ...early, event('post', 'p', 0), event('repost', 'p', 5));
  expect(schedule.post('p')?.reposts).toBe(3);
});

test('an event that the watermark has passed is not kept for a post to come', () => {
  const schedule = following({}, event('repost', 'p', 3));
  schedule.advance(3);
  schedule.take(event('post', 'p', 4));
  expect(schedule.post('p')?.reposts).toBe(0);
});

test('a post leaves the top at its greatest age, and memory when nothing more can happen', () => {
  const top = { size: 3, maxAgeMs: 7 * minute };
  const schedule = following({ top, onChange: { throttleMs: 0, untilMs: 15 * minute } }, event('post', 'p', 0));
  schedule.advance(7 * minute);
  expect(notes(schedule)).toEqual(['appeared p at 0', `age p at ${5 * minute}`, 'expire p']);
  schedule.advance(15 * minute - 1);
  expect(schedule.size).toBe(1);
  schedule.advance(15 * minute);
  expect(schedule.size).toBe(0);
});

test('the last top stays when the source has ended, though every age is reached', () => {
  const schedule = following({}, event('post', 'p', 0));
  schedule.advance(endOfTime);
  expect(notes(schedule)).toEqual(['appeared p at 0', `age p at ${5 * minute}`, `age p at ${10 * minute}`, 'end of p']);
  expect(schedule.size).toBe(0);
});

describe('an outcome', () => {
  const count = {
    name: 'viral',
    rule: { kind: 'count', where: "event.type == 'repost'", atLeast: 2, maturityMs: minute },
  } as const;
  const figure = { name: 'big', rule: { kind: 'figure', field: 'final', atLeast: 50, maturityMs: minute } } as const;
  const outcomes = (schedule: Schedule) => notes(schedule).filter((note) => /outcome|unlabelled/.test(note));

  test.each([
    { times: [1], says: 'outcome p 1 false' },
    { times: [1, minute], says: 'outcome p 2 true' },
    { times: [1, minute + 1], says: 'outcome p 1 false' },
  ])('counts events up to maturity: $times', ({ times, says }) => {
    const schedule = following(
      { outcome: count },
      event('post', 'p', 0),
      ...times.map((at) => event('repost', 'p', at)),
    );
    schedule.advance(minute - 1);
    expect(outcomes(schedule)).toEqual([]);
    schedule.advance(end);
    expect(outcomes(schedule)).toEqual([says]);
  });

  test('is a figure that the post brings, or the newest that comes later', () => {
    const withFigure = event('post', 'p', 0, { outcome: { final: 49 } });
    const schedule = following({ outcome: figure }, withFigure, event('post', 'q', 0, { outcome: { final: 49 } }));
    schedule.take(event('outcome', 'q', 9, { outcome: { final: 50 } }));
    schedule.advance(end);
    expect(outcomes(schedule)).toEqual(['outcome p 49 false', 'outcome q 50 true']);
  });

  test('is no label where the figure never came', () => {
    const schedule = following({ outcome: figure }, event('post', 'p', 0, { outcome: { other: 1 } }));
    schedule.advance(end);
    expect(outcomes(schedule)).toEqual(['unlabelled']);
  });

  test('says when it matured', () => {
    const schedule = following({ outcome: count }, event('post', 'p', 7));
    schedule.advance(end);
    expect(schedule.drain().find((effect) => effect.kind === 'outcome')?.outcome).toEqual({
      outcome: 'viral',
      post_id: 'p',
      posted_at: 7,
      matured_at: 7 + minute,
      value: 0,
      positive: false,
    });
  });
});

type Step = { readonly type: EventType; readonly post: string; readonly at: number } | { readonly watermark: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    type: fc.constantFrom<EventType[]>('post', 'repost', 'like', 'quote', 'delete', 'outcome'),
    post: fc.constantFrom('a', 'b', 'c'),
    at: fc.nat(20),
  }),
  fc.record({ watermark: fc.nat(40) }),
);
const whole: ScheduleProgram = {
  ...program(),
  atMs: [0, 3, 8],
  onChange: { throttleMs: 2, untilMs: 12 },
  outcome: { name: 'viral', rule: { kind: 'count', where: "event.type == 'repost'", atLeast: 1, maturityMs: 10 } },
  top: { size: 3, maxAgeMs: 9 },
};
/** As the stream calls it: what is due is done after every event. */
const play = (schedule: Schedule, steps: readonly Step[], from = -1): readonly string[] => {
  let watermark = from;
  for (const each of steps) {
    if ('watermark' in each) watermark = Math.max(watermark, each.watermark);
    else schedule.take(event(each.type, each.post, each.at, { id: 'e', user_id: 'u' }));
    schedule.advance(watermark);
  }
  return notes(schedule);
};

test('a schedule that is restored from its snapshot goes on as if nothing had been', () => {
  fc.assert(
    fc.property(fc.array(step), fc.nat(), (steps, where) => {
      const cut = where % (steps.length + 1);
      const unbroken = createSchedule(whole);
      const wanted = play(unbroken, [...steps, { watermark: end }]);
      const first = createSchedule(whole);
      const before = play(first, steps.slice(0, cut));
      const saved = JSON.parse(JSON.stringify(first.snapshot()));
      const second = createSchedule(whole, saved);
      const watermark = Math.max(-1, ...steps.slice(0, cut).map((each) => ('watermark' in each ? each.watermark : -1)));
      const after = play(second, [...steps.slice(cut), { watermark: end }], watermark);
      expect([...before, ...after]).toEqual(wanted);
    }),
    { numRuns: 300 },
  );
});

test('every post that is not deleted is scored once at each age, and labelled once', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ post: fc.nat(9), at: fc.nat(20) })), (posts) => {
      const ids = [...new Set(posts.map(({ post }) => `p${post}`))];
      const schedule = createSchedule(whole);
      for (const { post, at } of posts) schedule.take(event('post', `p${post}`, at));
      schedule.advance(end);
      const kinds = notes(schedule).map((note) => note.split(' ').slice(0, 2).join(' '));
      const wanted = ids.flatMap((id) => [`age ${id}`, `age ${id}`, `appeared ${id}`, `expire ${id}`, `outcome ${id}`]);
      expect(kinds.sort()).toEqual(wanted.sort());
      expect(schedule.size).toBe(0);
    }),
  );
});
