import { decodeJson, keysOf } from '@groundswell/wire';
import { describe, expect, test } from 'vitest';
import { aProgram, createWorld, step } from './test/world.ts';

const json = ({ value }: { readonly value: Uint8Array | null }): unknown => value && decodeJson(value);

describe('a window program', () => {
  test('writes the values of a whole window to a hash, with its end', async () => {
    const world = await createWorld();
    const running = await world.start(aProgram());
    await world.send([{ at: 1_000 }, { at: 2_000 }, { at: 3_000, post_id: 'q' }]);
    expect(await step(running)).toBe(3);
    expect(await world.hash('post:p')).toEqual({});
    await world.send([{ at: 9_999, post_id: 'q' }]);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '2', '@w': '10000' });
    expect(await world.hash('post:q')).toEqual({ events: '2', '@w': '10000' });
  });

  test('counts an event of a source that is thinned out as often as it stands for', async () => {
    const world = await createWorld();
    const aggregations = [
      { kind: 'count' as const, name: 'events' },
      { kind: 'avg' as const, name: 'followers', field: 'event.user.followers' },
      { kind: 'max' as const, name: 'most', field: 'event.user.followers' },
    ];
    const events = [
      { at: 1_000, weight: 4, user: { followers: 10 } },
      { at: 2_000, user: { followers: 20 } },
    ];
    await world.send([...events, { at: 9_999, post_id: 'q' }]);
    const whole = await world.start(aProgram({ aggregations }));
    await step(whole);
    expect(await world.hash('post:p')).toMatchObject({ events: '2', followers: '15', most: '20' });
    const other = await createWorld();
    await other.send([...events, { at: 9_999, post_id: 'q' }]);
    const thinned = await other.start(aProgram({ aggregations, thinned: true }));
    await step(thinned);
    expect(await other.hash('post:p')).toMatchObject({ events: '5', followers: '12', most: '20' });
  });

  test('takes its fields out of the hash when the window became empty, and leaves those of others', async () => {
    const world = await createWorld();
    const running = await world.start(aProgram());
    await world.send([{ at: 1_000 }]);
    await world.sendWatermark(9_999);
    const others = world.ports.keyValue.batch();
    others.hashSet('post:p', { other: '1' });
    await others.run();
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '1', '@w': '10000', other: '1' });
    await world.sendWatermark(19_999);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ other: '1' });
  });

  test('writes only the fields that changed', async () => {
    const world = await createWorld();
    const aggregations = [
      { kind: 'count' as const, name: 'events' },
      { kind: 'count' as const, name: 'views', where: "event.type == 'view'" },
      { kind: 'max' as const, name: 'most', field: 'event.user.followers' },
    ];
    const running = await world.start(
      aProgram({ shape: { kind: 'hop', sizeMs: 20_000, everyMs: 10_000 }, aggregations }),
    );
    await world.send([{ at: 1_000, user: { followers: 7 } }]);
    await world.sendWatermark(9_999);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '1', views: '0', most: '7', '@w': '10000' });
    const marks = world.ports.keyValue.batch();
    marks.hashSet('post:p', { views: 'left alone', events: 'overwritten' });
    await marks.run();
    await world.send([{ at: 11_000 }]);
    await world.sendWatermark(19_999);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '2', views: 'left alone', most: '7', '@w': '20000' });
    await world.sendWatermark(29_999);
    await step(running);
    // The pane with the only follower count has left: nothing is known of it any more.
    expect(await world.hash('post:p')).toEqual({ events: '1', views: 'left alone', '@w': '30000' });
  });

  test('gives each window a hash of its own where the template names it, and lets it expire', async () => {
    const world = await createWorld();
    const shape = { kind: 'hop', sizeMs: 20_000, everyMs: 10_000 } as const;
    const sinks = [{ kind: 'hash' as const, key: '{post_id}@{window_start}-{window_end}', ttlMs: 60_000 }];
    const running = await world.start(aProgram({ shape, sinks, allowedLatenessMs: 60_000 }));
    await world.send([{ at: 1_000 }]);
    await world.sendWatermark(19_999);
    await step(running);
    await world.send([{ at: 11_000 }, { at: 2_000 }]);
    await world.sendWatermark(29_999);
    await step(running);
    expect(await world.hash('p@-10000-10000')).toEqual({ events: '2', '@w': '10000' });
    expect(await world.hash('p@0-20000')).toEqual({ events: '3', '@w': '20000' });
    expect(await world.hash('p@10000-30000')).toEqual({ events: '1', '@w': '30000' });
    world.setNow(1_000_000 + 60_000);
    expect(await world.hash('p@0-20000')).toEqual({});
  });

  test('lets a hash live for its time after the last write, whatever was written before', async () => {
    const world = await createWorld();
    const running = await world.start(aProgram({ sinks: [{ kind: 'hash', key: '{post_id}', ttlMs: 16_000 }] }));
    const writeAt = async (now: number, tick: number): Promise<void> => {
      world.setNow(now);
      await world.send([{ at: tick * 10_000 }]);
      await world.sendWatermark(tick * 10_000 + 9_999);
      await step(running);
    };
    const holdsAt = async (now: number): Promise<boolean> => {
      world.setNow(now);
      return Object.keys(await world.hash('p')).length > 0;
    };
    await writeAt(0, 0);
    await writeAt(999, 1);
    expect(await holdsAt(16_998)).toBe(true);
    expect(await holdsAt(17_000)).toBe(false);
    await writeAt(17_000, 2);
    await writeAt(18_500, 3);
    expect(await holdsAt(34_499)).toBe(true);
    expect(await holdsAt(35_500)).toBe(false);
  });

  test('sets the time to live of a hash again that went because its window was empty', async () => {
    const world = await createWorld();
    const sinks = [{ kind: 'hash' as const, key: '{post_id}', ttlMs: 16_000 }];
    // The key is remembered for late events, though its window is empty.
    const running = await world.start(aProgram({ sinks, allowedLatenessMs: 60_000 }));
    const reach = async (watermark: number): Promise<void> => {
      await world.sendWatermark(watermark);
      await step(running);
    };
    await world.send([{ at: 0 }]);
    await reach(9_999);
    await reach(19_999);
    expect(await world.hash('p')).toEqual({});
    await world.send([{ at: 20_000 }]);
    await reach(29_999);
    expect(await world.hash('p')).toEqual({ events: '1', '@w': '30000' });
    world.setNow(1_000_000 + 17_000);
    expect(await world.hash('p')).toEqual({});
  });

  test('writes any number of results in one step', async () => {
    const world = await createWorld();
    const running = await world.start(aProgram({ watermark: { maxOutOfOrdernessMs: 60_000 } }));
    const count = 20_010;
    for (const at of [1_000, 11_000])
      await world.send(Array.from({ length: count }, (_, i) => ({ at, post_id: `p${at}-${i}` })));
    while ((await step(running)) > 0);
    await world.sendWatermark(19_999);
    await step(running);
    // The first half had its window, and then an empty one.
    expect(running.report().produced).toEqual({ 'windows fired': 3 * count });
    expect(await world.hash(`post:p11000-${count - 1}`)).toEqual({ events: '1', '@w': '20000' });
  });

  test('keeps the newest windows as a series, one result for each end', async () => {
    const world = await createWorld();
    const sinks = [{ kind: 'series' as const, key: 'all', keep: 2 }];
    const running = await world.start(aProgram({ key: [], allowedLatenessMs: 60_000, sinks }));
    const results = async () => (await world.sorted('all')).map(({ member, score }) => [score, JSON.parse(member)]);
    await world.send([{ at: 1_000 }, { at: 12_000 }, { at: 23_000 }]);
    await world.sendWatermark(29_999);
    await step(running);
    const shape = { window: 'w', key: [] };
    expect(await results()).toEqual([
      [20_000, { ...shape, start: 10_000, end: 20_000, values: { events: 1 } }],
      [30_000, { ...shape, start: 20_000, end: 30_000, values: { events: 1 } }],
    ]);
    await world.send([{ at: 12_500 }]);
    await step(running);
    expect(await results()).toMatchObject([
      [20_000, { values: { events: 2 } }],
      [30_000, { values: { events: 1 } }],
    ]);
  });

  test('sends every result to a topic, under the parts of its key', async () => {
    const world = await createWorld();
    const sinks = [{ kind: 'topic' as const, topic: { name: 'results' } }];
    const running = await world.start(aProgram({ key: ['post_id', 'user.name'], sinks }));
    await world.send([{ at: 1_000, post_id: 'a|b', user: { name: 'ann' } }, { at: 2_000 }]);
    await world.sendWatermark(19_999);
    await step(running);
    const sent = await world.read('results');
    expect(sent.map(({ key }) => key)).toEqual(['a\\|b|ann', 'a\\|b|ann']);
    expect(sent.map(json)).toEqual([
      { window: 'w', key: ['a|b', 'ann'], start: 0, end: 10_000, values: { events: 1 } },
      { window: 'w', key: ['a|b', 'ann'], start: 10_000, end: 20_000, values: null },
    ]);
  });

  test('writes lists as JSON, and what is computed of other values', async () => {
    const world = await createWorld();
    const aggregations = [
      { kind: 'count' as const, name: 'events' },
      { kind: 'distinct' as const, name: 'people', field: 'event.user_id' },
      { kind: 'topK' as const, name: 'tags', field: 'event.tags', size: 1, error: 0.01 },
      { kind: 'lastN' as const, name: 'latest', field: 'event.id', size: 2, distinct: false },
      { kind: 'ratio' as const, name: 'each', numerator: 'events', denominator: 'people' },
      { kind: 'ratio' as const, name: 'never', numerator: 'events', denominator: 'none', whenZero: -1 },
      { kind: 'count' as const, name: 'none', where: 'false' },
      { kind: 'expression' as const, name: 'sum', expression: 'each + double(size(latest))' },
      { kind: 'expression' as const, name: 'wrong', expression: 'each + latest' },
    ];
    const sinks = [
      { kind: 'hash' as const, key: 'post:{post_id}' },
      { kind: 'topic' as const, topic: { name: 'results' } },
    ];
    const running = await world.start(aProgram({ aggregations, sinks }));
    await world.send([
      { at: 1_000, id: 'a', tags: ['x', 'y'] },
      { at: 2_000, id: 'b', tags: ['y'] },
      { at: 3_000, id: 'c' },
    ]);
    await world.sendWatermark(9_999);
    await step(running);
    const top = [{ value: 'y', count: 2 }];
    expect(await world.hash('post:p')).toEqual({
      ...{
        events: '3',
        people: '1',
        tags: JSON.stringify(top),
        latest: '["c","b"]',
        each: '3',
        never: '-1',
        none: '0',
      },
      ...{ sum: '5', '@w': '10000' },
    });
    const values = {
      events: 3,
      people: 1,
      tags: top,
      latest: ['c', 'b'],
      each: 3,
      never: -1,
      none: 0,
      sum: 5,
      wrong: null,
    };
    expect((await world.read('results')).map(json)).toMatchObject([{ values }]);
  });

  test('computes anew of whole windows what is changed while it runs, also over a restart', async () => {
    const world = await createWorld();
    const programOf = (expression: string, whenZero: number) =>
      aProgram({
        shape: { kind: 'hop', sizeMs: 20_000, everyMs: 10_000 },
        aggregations: [
          { kind: 'count', name: 'events' },
          { kind: 'count', name: 'views', where: "event.type == 'view'" },
          { kind: 'ratio', name: 'rate', numerator: 'events', denominator: 'views', whenZero },
          { kind: 'expression', name: 'heat', expression },
        ],
      });
    const running = await world.start(programOf('events * 2.0', 0));
    await world.send([{ at: 1_000 }, { at: 2_000 }]);
    await world.sendWatermark(9_999);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '2', views: '0', rate: '0', heat: '4', '@w': '10000' });
    expect(await running.update?.(programOf('events * 10.0 + rate', -1))).toBe(true);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '2', views: '0', rate: '-1', heat: '19', '@w': '10000' });
    await running.save();
    await running.stop();
    const again = await world.start(programOf('events * 100.0', -1));
    await step(again);
    expect(await world.hash('post:p')).toEqual({ events: '2', views: '0', rate: '-1', heat: '200', '@w': '10000' });
  });

  test('tells what fades at every tick, forgets it, and takes another limit while it runs', async () => {
    const world = await createWorld();
    const decay = (forgetBelow: number) =>
      aProgram({ shape: { kind: 'decay', halfLifeMs: 10_000, everyMs: 10_000, forgetBelow } });
    const running = await world.start(decay(0.001));
    await world.send([{ at: 0 }, { at: 0 }]);
    await world.sendWatermark(19_999);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '0.5', '@w': '20000' });
    expect(await running.update?.(decay(0.5))).toBe(true);
    await world.sendWatermark(29_999);
    await step(running);
    expect(await world.hash('post:p')).toEqual({});
  });

  test('counts for ever in a window without end, until a key is silent for too long', async () => {
    const world = await createWorld();
    const shape = { kind: 'global', everyMs: 10_000, forgetAfterMs: 60_000 } as const;
    const running = await world.start(aProgram({ shape }));
    await world.send([{ at: 1_000 }, { at: 25_000 }]);
    await world.sendWatermark(29_999);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '2', '@w': '30000' });
    await world.send([{ at: 2_000 }]);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '3', '@w': '30000' });
    await world.sendWatermark(89_999);
    await step(running);
    expect(await world.hash('post:p')).toEqual({});
  });

  test('tells a session when it is over, and takes it back when it became part of another', async () => {
    const world = await createWorld();
    const sinks = [
      { kind: 'hash' as const, key: 'post:{post_id}', ttlMs: 60_000 },
      { kind: 'series' as const, key: 'visits:{post_id}', keep: 5 },
    ];
    const shape = { kind: 'session', gapMs: 10_000 } as const;
    const running = await world.start(aProgram({ shape, sinks, allowedLatenessMs: 60_000 }));
    await world.send([{ at: 1_000 }, { at: 2_000 }]);
    await world.sendWatermark(11_999);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '2', '@w': '12000' });
    await world.send([{ at: 22_000 }, { at: 12_000 }]);
    await world.sendWatermark(31_999);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '4', '@w': '32000' });
    const series = (await world.sorted('visits:p')).map(({ member }) => JSON.parse(member));
    expect(series).toEqual([{ window: 'w', key: ['p'], start: 1_000, end: 32_000, values: { events: 4 } }]);
  });

  test('counts an event once under each of its tags, and filters one without', async () => {
    const world = await createWorld();
    const running = await world.start(aProgram({ key: ['tags'], sinks: [{ kind: 'hash', key: 'tag:{tags}' }] }));
    await world.send([{ tags: ['x', 'y', 'x'] }, { tags: [] }, {}]);
    await world.sendWatermark(9_999);
    await step(running);
    expect(await world.hash('tag:x')).toMatchObject({ events: '1' });
    expect(await world.hash('tag:y')).toMatchObject({ events: '1' });
    expect(running.report().ledger).toMatchObject({ in: 3, aggregated: 1, filtered: 2 });
  });

  test('publishes unfinished windows after each step where the head is a sawtooth', async () => {
    const world = await createWorld();
    const running = await world.start(
      aProgram({ head: 'Sawtooth', shape: { kind: 'hop', sizeMs: 30_000, everyMs: 10_000 } }),
    );
    await world.send([{ at: 1_000 }, { at: 12_000 }]);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '2', '@w': '20000' });
    await world.send([{ at: 13_000 }]);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '3', '@w': '20000' });
  });

  test('publishes unfinished windows of all keys from when the head becomes a sawtooth, and no more when it is closed again', async () => {
    const world = await createWorld();
    const of = (head: 'Closed' | 'Sawtooth') =>
      aProgram({ head, shape: { kind: 'hop', sizeMs: 30_000, everyMs: 10_000 } });
    const running = await world.start(of('Closed'));
    await world.send([{ at: 1_000 }, { at: 12_000 }, { at: 13_000, post_id: 'q' }]);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '1', '@w': '10000' });
    expect(await running.update(of('Sawtooth'))).toBe(true);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '2', '@w': '20000' });
    expect(await world.hash('post:q')).toEqual({ events: '1', '@w': '20000' });
    expect(await running.update(of('Closed'))).toBe(true);
    await world.send([{ at: 14_000 }]);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '2', '@w': '20000' });
    await world.send([{ at: 20_000, post_id: 'r' }]);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '3', '@w': '20000' });
  });

  test('sends late events to the side topic as they came, and counts them', async () => {
    const world = await createWorld();
    const running = await world.start(aProgram({ lateTopic: { name: 'late' } }));
    await world.send([{ at: 20_000 }, { at: 9_999, id: 'late' }, { at: 10_000, id: 'late too' }, { at: 20_001 }]);
    await step(running);
    expect((await world.read('late')).map(json)).toMatchObject([{ id: 'late' }, { id: 'late too' }]);
    expect(running.report().ledger).toMatchObject({ in: 4, aggregated: 2, late: 2 });
  });

  test.each([
    { what: 'no JSON', value: '{"id":', reason: /JSON/ },
    { what: 'no event', value: '{"id":1}', reason: /no post_id, type or at/ },
    { what: 'null', value: 'null', reason: /no post_id, type or at/ },
  ])('dead-letters a record that is $what, and goes on', async ({ value, reason }) => {
    const world = await createWorld();
    const running = await world.start(aProgram());
    await world.sendRaw(new TextEncoder().encode(value));
    await world.send([{ at: 1_000 }]);
    await step(running);
    const [letter] = (await world.read('spoilt')).map(json);
    expect(letter).toMatchObject({ group: 'window-w', origin: 'demo.events/0', offset: '0', at: 1_000_000 });
    expect(letter).toMatchObject({ reason: expect.stringMatching(reason), raw: btoa(value) });
    expect(running.report().ledger).toMatchObject({ in: 2, aggregated: 1, deadLettered: 1 });
  });

  test('tells its watermark when it moved, also by what is filtered out', async () => {
    const world = await createWorld();
    const running = await world.start(
      aProgram({ input: { topic: { name: 'demo.events' }, where: "event.type == 'post'" } }),
    );
    const told = () => world.hash(keysOf('demo').watermarks('w'));
    await step(running);
    expect(await told()).toEqual({});
    await world.send([{ at: 5_000, type: 'like' }]);
    await step(running);
    expect(await told()).toEqual({ 0: '5000' });
    expect(running.report()).toMatchObject({ watermark: 5_000, eventTime: 5_000, ledger: { filtered: 1 } });
  });

  test('takes the smallest watermark of its partitions, without those that are idle', async () => {
    const world = await createWorld(2);
    const running = await world.start(aProgram({ watermark: { maxOutOfOrdernessMs: 0, idleTimeoutMs: 500 } }));
    await world.send([{ at: 1_000 }], 0);
    await world.sendWatermark(9_999, 0);
    await step(running);
    expect(await world.hash('post:p')).toEqual({});
    world.setNow(1_000_499);
    await world.sendWatermark(10_000, 0);
    await step(running);
    expect(await world.hash('post:p')).toEqual({});
    world.setNow(1_000_500);
    await world.sendWatermark(10_001, 0);
    await step(running);
    expect(await world.hash('post:p')).toEqual({ events: '1', '@w': '10000' });
  });

  test('waits until it has partitions', async () => {
    const world = await createWorld();
    const running = await world.start(aProgram());
    expect(running.health()).toMatchObject({ kind: 'waiting', reason: 'NotAssigned' });
    await step(running);
    expect(running.health()).toEqual({ kind: 'ready' });
  });

  test('refuses a key template with a name that the key does not have', async () => {
    const world = await createWorld();
    await expect(world.start(aProgram({ sinks: [{ kind: 'hash', key: 'post:{user_id}' }] }))).rejects.toThrow(
      'Cannot fill "post:{user_id}": the window has no key field "user_id", it has post_id',
    );
  });

  test('tells Prometheus what became of every record', async () => {
    const world = await createWorld();
    const running = await world.start(aProgram());
    await world.send([{ at: 20_000 }, { at: 1_000 }, { at: 21_000, post_id: '' }]);
    await world.sendRaw(new Uint8Array([1]));
    await step(running);
    await running.save();
    const text = await world.metrics();
    expect(text).toContain('window_records_total{window="w",partition="0"} 4');
    for (const [outcome, count] of Object.entries({ aggregated: 1, late: 1, filtered: 1, dead_lettered: 1 }))
      expect(text).toContain(`window_events_total{window="w",partition="0",outcome="${outcome}"} ${count}`);
    expect(text).toContain('window_keys{window="w"} 1');
    expect(text).toContain('window_watermark_lag_seconds{window="w"} 979');
  });
});
