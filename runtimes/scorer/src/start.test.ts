import { Reason } from '@groundswell/wire';
import { afterEach, describe, expect, test } from 'vitest';
import { classified, event, program, variant } from '../test/builders.ts';
import { keys, type Rig, startRig } from '../test/rig.ts';

const minute = 60_000;
let rig: Rig;
const start = async (...args: Parameters<typeof startRig>): Promise<Rig> => {
  rig = await startRig(...args);
  return rig;
};
afterEach(() => rig.running.stop());

const post = (id: string, at: number, followers = 100) =>
  event('post', id, at, { user: { followers, name: 'Ann' }, tags: ['sun'] });

describe('a post that appears', () => {
  test('is scored, logged with its vector, and shown', async () => {
    await start(program());
    await rig.write('w:p', { reposts: '3' });
    await rig.send([{ ...post('p', 1000), ingested_at: 999_960 }]);
    await rig.run();
    const { artifact } = variant('champion', 'classifier');
    const [prediction, ...others] = await rig.predictions();
    expect(others).toEqual([]);
    expect(prediction).toEqual({
      model: 'virality',
      variant: 'champion',
      digest: artifact.sha256,
      shadow: false,
      post_id: 'p',
      author_id: 'author of p',
      posted_at: 1000,
      scored_at: 1000,
      age_ms: 0,
      trigger: 'appeared',
      score: expect.closeTo(classified(0, 100, 3), 6),
      vector: [0, 100, 3],
      latency_ms: 40,
    });
    expect(JSON.parse((await rig.hash(keys.prediction('virality', 'p')))['champion'] ?? '')).toEqual(prediction);
    const { card, reposts } = await rig.hash(keys.post('p'));
    expect(JSON.parse(card ?? '')).toEqual({
      post_id: 'p',
      author_id: 'author of p',
      author_name: 'Ann',
      text: 'hello',
      tags: ['sun'],
      posted_at: 1000,
    });
    expect(reposts).toBe('0');
    expect(await rig.top()).toEqual(['p']);
    expect(rig.running.report().stages?.map(({ stage, count }) => [stage, count])).toEqual([
      ['features', 1],
      ['score', 1],
      ['sink', 1],
    ]);
  });

  test('and lacks a feature is scored with it missing', async () => {
    await start(program());
    const { user: _, ...bare } = post('p', 0);
    await rig.send([bare]);
    await rig.run();
    const [prediction] = await rig.predictions();
    expect(prediction?.vector).toEqual([0, null, 0]);
    expect(prediction?.score).toBeCloseTo(classified(0, 0, 0), 6);
  });

  test('is told why it stands where it stands, while it is in the top', async () => {
    await start(program());
    await rig.write('w:p', { reposts: '12' });
    await rig.send([post('other', 0, 7), post('p', 0)]);
    await rig.run();
    const why = Reason.array().parse(JSON.parse((await rig.hash(keys.why('virality')))['p'] ?? ''));
    expect(why[0]).toMatchObject({ feature: 'reposts_10m', value: 12, text: '12 reposts in the last 10 minutes' });
    expect(why[0]?.effect).toBeCloseTo(classified(0, 100, 12) - classified(0, 100, 0), 6);
    await rig.send([event('delete', 'p', 5)]);
    await rig.run();
    expect(Object.keys(await rig.hash(keys.why('virality')))).toEqual(['other']);
  });

  test('is told so once it is among the first ten, even without a new score', async () => {
    await start(program({ top: { size: 30, maxAgeMs: 60 * minute } }));
    const posts = Array.from({ length: 11 }, (_, i) => post(`p${i}`, i, 300 - i));
    await rig.send([...posts, post('p11', 20, 101)]);
    await rig.run();
    const told = async () => Object.keys(await rig.hash(keys.why('virality')));
    expect(await told()).not.toContain('p10');
    await rig.send([event('delete', 'p0', 30)]);
    await rig.run();
    expect(await told()).toContain('p10');
    expect(await told()).not.toContain('p11');
  });

  test('is told so at most every 250 ms while there is more to do, and at the latest when the state is saved', async () => {
    await start(program());
    const told = async () => Object.keys(await rig.hash(keys.why('virality')));
    await rig.send([post('a', 0, 200)]);
    await rig.run();
    expect(await told()).toEqual(['a']);
    await rig.send([post('b', 0, 300)]);
    rig.clock.at += 249;
    await rig.running.step({ maxWaitMs: 0 });
    expect(await told()).toEqual(['a']);
    await rig.running.save();
    expect(await told()).toEqual(['a', 'b']);
  });
});

describe('posts of several steps share a run of the model', () => {
  const scores = async () => (await rig.predictions()).map(({ post_id, vector }) => [post_id, vector[2]]);

  test('with what the store held at their own step, and at once when no more comes', async () => {
    await start(program());
    await rig.write('w:a', { reposts: '1' });
    await rig.send([post('a', 0)]);
    await rig.running.step({ maxWaitMs: 0 });
    await rig.write('w:a', { reposts: '99' });
    await rig.send([post('b', 1)]);
    await rig.running.step({ maxWaitMs: 0 });
    expect(await scores()).toEqual([]);
    await rig.running.step({ maxWaitMs: 0 });
    expect(await scores()).toEqual([
      ['a', 1],
      ['b', 0],
    ]);
  });

  test('and wait for no more than 16 of them', async () => {
    await start(program());
    for (let i = 0; i < 16; i++) {
      await rig.send([post(`p${i}`, i)]);
      await rig.running.step({ maxWaitMs: 0 });
    }
    expect(await scores()).toHaveLength(16);
  });

  test('and are all scored before the state is saved', async () => {
    await start(program());
    await rig.send([post('a', 0)]);
    await rig.running.step({ maxWaitMs: 0 });
    await rig.running.save();
    expect(await scores()).toHaveLength(1);
  });
});

test('what is kept of a post expires, and its history holds the newest 60 scores', async () => {
  await start(program({ atMs: [0], onChange: { throttleMs: 1, untilMs: minute }, ttlMs: 5_000 }));
  const likes = Array.from({ length: 70 }, (_, i) => event('like', 'p', i + 1));
  await rig.send([post('p', 0), ...likes]);
  await rig.run();
  const history = async (): Promise<readonly number[]> => {
    const batch = rig.ports.keyValue.batch();
    const list = batch.listRange(keys.history('virality', 'p'), 0, -1);
    await batch.run();
    return list.value().map((text) => JSON.parse(text).at);
  };
  expect(await history()).toEqual(Array.from({ length: 60 }, (_, i) => 70 - i));
  rig.clock.at += 5_001;
  expect(await history()).toEqual([]);
  for (const key of [keys.post('p'), keys.prediction('virality', 'p')]) expect(await rig.hash(key)).toEqual({});
});

test('a post is scored at its ages from the windows as they are then, when the watermark is there', async () => {
  await start(program());
  await rig.send([post('p', 0), event('like', 'x', 5 * minute + 4_999)]);
  await rig.run();
  expect(await rig.predictions()).toHaveLength(1);
  await rig.write('w:p', { reposts: '8' });
  await rig.send([event('like', 'x', 5 * minute + 5_000)]);
  await rig.run();
  expect((await rig.predictions()).at(-1)).toMatchObject({
    trigger: 'age',
    scored_at: 5 * minute,
    age_ms: 5 * minute,
    vector: [5, 100, 8],
    latency_ms: null,
  });
});

test('a change is scored at the time of its event', async () => {
  await start(program({ onChange: { throttleMs: minute, untilMs: 60 * minute } }));
  await rig.send([post('p', 0), event('repost', 'p', 2 * minute), event('repost', 'p', 2 * minute + 1)]);
  await rig.run();
  const [, change, ...others] = await rig.predictions();
  expect(change).toMatchObject({ trigger: 'change', scored_at: 2 * minute, age_ms: 2 * minute });
  expect(others).toEqual([]);
  expect((await rig.hash(keys.post('p')))['reposts']).toBe('2');
});

test('counts of shown posts follow without a new score', async () => {
  await start(program());
  await rig.send([post('p', 0)]);
  await rig.run();
  await rig.send([event('repost', 'p', 1), event('quote', 'p', 2), event('like', 'p', 3)]);
  await rig.run();
  expect((await rig.hash(keys.post('p')))['reposts']).toBe('2');
  expect(await rig.predictions()).toHaveLength(1);
});

describe('the top', () => {
  test('holds the highest scores, and lets posts go by age', async () => {
    await start(program({ top: { size: 2, maxAgeMs: 20 * minute } }));
    await rig.send([post('a', 0, 10), post('b', minute, 300), post('c', minute, 200), post('d', minute, 100)]);
    await rig.run();
    expect(await rig.top()).toEqual(['b', 'c']);
    await rig.send([{ watermark: 21 * minute }]);
    await rig.run();
    expect(await rig.top()).toEqual([]);
    expect(await rig.hash(keys.why('virality'))).toEqual({});
  });

  test('loses a deleted post with all that is kept of it, at once', async () => {
    await start(program());
    await rig.send([post('a', 0), post('b', 0), event('delete', 'a', 1)]);
    await rig.run();
    expect(await rig.top()).toEqual(['b']);
    for (const key of [keys.post('a'), keys.prediction('virality', 'a')]) expect(await rig.hash(key)).toEqual({});
    await rig.send([{ watermark: 60 * minute }]);
    await rig.run();
    expect((await rig.predictions()).filter(({ post_id }) => post_id === 'a')).toHaveLength(1);
  });

  test('takes out, at a start, what a crash left there', async () => {
    await start(program());
    await rig.send([post('a', 0)]);
    await rig.run();
    await rig.running.save();
    await rig.ports.keyValue.batch().run();
    const batch = rig.ports.keyValue.batch();
    batch.sortedAdd(keys.top('virality'), [{ member: 'stranger', score: 0.99 }]);
    await batch.run();
    await rig.restart();
    expect(await rig.top()).toEqual(['a']);
  });
});

describe('variants', () => {
  const ghost = variant('ghost', 'constant', { share: 0, shadow: true });

  test('a shadow scores and logs beside the answer, and never shows', async () => {
    await start(program({ variants: [variant('champion', 'classifier'), ghost] }));
    await rig.send([post('p', 0)]);
    await rig.run();
    const predictions = await rig.predictions();
    expect(predictions.map(({ variant, shadow }) => [variant, shadow])).toEqual([
      ['champion', false],
      ['ghost', true],
    ]);
    expect(predictions[1]).toMatchObject({ score: 0.5, vector: [0, 100, 0] });
    expect(Object.keys(await rig.hash(keys.prediction('virality', 'p')))).toEqual(['champion', 'ghost']);
    const batch = rig.ports.keyValue.batch();
    const history = batch.listRange(keys.history('virality', 'p'), 0, -1);
    await batch.run();
    expect(history.value().map((text) => JSON.parse(text))).toEqual([{ at: 0, score: predictions[0]?.score }]);
  });

  test('without any, vectors are logged and nothing is shown', async () => {
    await start(program({ variants: [] }));
    await rig.send([post('p', 0)]);
    await rig.run();
    expect(await rig.predictions()).toMatchObject([{ variant: '', digest: '', score: null, vector: [0, 100, 0] }]);
    expect(await rig.top()).toEqual([]);
    expect(rig.running.health()).toEqual({ kind: 'ready' });
  });

  test('one that cannot serve stalls the health with its reason, and the rest goes on', async () => {
    await start(program({ variants: [variant('champion', 'narrow'), ghost] }));
    await rig.send([post('p', 0)]);
    await rig.run();
    expect((await rig.predictions()).map(({ variant, score }) => [variant, score])).toEqual([
      ['', null],
      ['ghost', 0.5],
    ]);
    expect(rig.running.health()).toMatchObject({
      kind: 'stalled',
      reason: 'ModelRefused',
      message: expect.stringContaining('the model takes 2 features, the resource lists 3'),
    });
    expect(rig.running.variants().map(({ name, effectiveShare }) => [name, effectiveShare])).toEqual([
      ['champion', 0],
      ['ghost', 0],
    ]);
  });

  test('a score that is no probability is logged as missing and shown nowhere', async () => {
    const hidden = program().features.map((each) => (each.name === 'followers' ? { ...each, default: 0 } : each));
    await start(program({ variants: [variant('champion', 'unbounded')], features: hidden }));
    await rig.send([post('p', 0, 3e38), post('q', 0)]);
    await rig.run();
    const predictions = await rig.predictions();
    expect(predictions.map(({ post_id, score }) => [post_id, score === null])).toEqual([
      ['p', true],
      ['q', false],
    ]);
    expect(await rig.top()).toEqual(['q']);
    expect(await rig.ports.metrics.registry.metrics()).toContain(
      'scorer_scores_invalid_total{model="virality",variant="champion"} 1',
    );
  });
});

describe('a live change', () => {
  test('brings in a model that was trained meanwhile', async () => {
    await start(program({ variants: [] }));
    await rig.send([post('a', 0)]);
    await rig.run();
    expect(await rig.running.update(program({ variants: [variant('champion', 'constant')], revision: '2' }))).toBe(
      true,
    );
    await rig.send([post('b', 0)]);
    await rig.run();
    expect((await rig.predictions()).map(({ post_id, score }) => [post_id, score])).toEqual([
      ['a', null],
      ['b', 0.5],
    ]);
  });

  test('of the size of the top takes effect', async () => {
    await start(program());
    await rig.send([post('a', 0, 10), post('b', 0, 20)]);
    await rig.run();
    expect(await rig.running.update(program({ top: { size: 1, maxAgeMs: program().top.maxAgeMs } }))).toBe(true);
    await rig.send([post('c', 0, 30)]);
    await rig.run();
    expect(await rig.top()).toEqual(['c']);
  });

  test.each([
    { what: 'features', over: { features: program().features.slice(1) } },
    { what: 'ages', over: { atMs: [0] } },
    { what: 'the key of routing', over: { routing: { key: 'user_id' as const, salt: 'virality' } } },
    { what: 'the greatest age in the top', over: { top: { size: 3, maxAgeMs: 1 } } },
    { what: 'the input', over: { input: { name: 'other' } } },
  ])('of $what needs a restart', async ({ over }) => {
    await start(program());
    expect(await rig.running.update(program(over))).toBe(false);
  });
});

test('outcomes are written once their label matured', async () => {
  const rule = { kind: 'count', where: "event.type == 'repost'", atLeast: 1, maturityMs: 20 * minute } as const;
  await start(program({ outcome: { name: 'viral', rule } }));
  await rig.send([post('a', 0), post('b', 0), event('repost', 'a', 5), { watermark: 20 * minute }]);
  await rig.run();
  await rig.send([{ watermark: 40 * minute }]);
  await rig.run();
  expect((await rig.outcomes()).map(({ post_id, value, positive }) => [post_id, value, positive])).toEqual([
    ['a', 1, true],
    ['b', 0, false],
  ]);
  const told = JSON.parse((await rig.hash(keys.post('a')))['outcome:viral'] ?? '');
  expect(told).toEqual({ outcome: 'viral', positive: true, value: 1, matured_at: 20 * minute });
  // Each post counts once for every tenth of the scale in which it was scored, across restarts too.
  await rig.running.save();
  await rig.restart();
  await rig.send([post('c', 50 * minute), { watermark: 90 * minute }]);
  await rig.run();
  const [counts] = Object.values(await rig.hash(keys.calibration('virality'))).map((text) => JSON.parse(text));
  expect(counts.posts.reduce((sum: number, n: number) => sum + n)).toBeGreaterThanOrEqual(3);
  expect(Math.max(...counts.posts)).toBe(3);
  expect(Math.max(...counts.positives)).toBe(1);
});

test('a record that is no event goes to the dead letters, and the others go on', async () => {
  await start(program());
  await rig.send([{ bytes: '{"post_id":' }, { bytes: '{"post_id":"p"}' }, { bytes: 'null' }, post('p', 0)]);
  await rig.run();
  expect(await rig.predictions()).toHaveLength(1);
  expect(await rig.deadLetters()).toMatchObject([
    { group: 'scorer-virality', origin: 'demo.events/0', offset: '0', raw: btoa('{"post_id":'), at: 1_000_000 },
    { offset: '1', reason: 'Cannot take an event: it has no post_id, type or at, all three are needed' },
    { offset: '2' },
  ]);
});

test('a silent partition holds back the ages until it counts as idle', async () => {
  await start(program({ watermark: { maxOutOfOrdernessMs: 0, idleTimeoutMs: 30_000 } }), 2);
  await rig.send([post('p', 0), { watermark: 60 * minute }], 0);
  await rig.run();
  expect(await rig.predictions()).toHaveLength(1);
  rig.clock.at += 30_001;
  await rig.send([{ watermark: 60 * minute + 1 }], 0);
  await rig.run();
  rig.clock.at += 30_001;
  await rig.run();
  expect(await rig.predictions()).toHaveLength(3);
});

test('a run says what it did', async () => {
  await start(program());
  await rig.send([{ ...post('p', 1000), ingested_at: rig.clock.at - 100 }, event('like', 'p', 7000)]);
  await rig.run();
  expect(rig.running.report()).toEqual({
    records: 2,
    watermark: 2000,
    eventTime: 7000,
    produced: { predictions: 1, outcomes: 0 },
    stages: ['features', 'score', 'sink'].map((stage) => expect.objectContaining({ stage, count: 1 })),
    variants: [{ name: 'champion', shadow: false, share: 100, sha256: expect.any(String) }],
  });
  const { p50Ms, p99Ms, ...counts } = rig.running.summary();
  expect(counts).toEqual({ events: 2, predictions: 1, outcomes: 0 });
  expect(p50Ms).toBe(p99Ms);
  expect(p50Ms).toBeGreaterThanOrEqual(100);
  expect(p50Ms).toBeLessThan(106);
  const metrics = await rig.ports.metrics.registry.metrics();
  expect(metrics).toContain('scorer_predictions_total{model="virality",variant="champion",trigger="appeared"} 1');
  expect(metrics).toContain('scorer_variant_ready{model="virality",variant="champion"} 1');
  expect(metrics).toContain('scorer_watermark_seconds{model="virality"} 2');
});
