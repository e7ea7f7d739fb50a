import type { WindowProgram } from '@groundswell/graph';
import type { ConsumerOptions, Ports } from '@groundswell/stores';
import { describe, expect, test } from 'vitest';
import { rekeyedEvent } from '../rekey/rekeyed-record.ts';
import { aProgram, createWorld, rekeyed, step, type World } from '../test/world.ts';

type Join = NonNullable<WindowProgram['joins']>[number];
const aJoin = (changes: Partial<Join> = {}): Join => ({
  name: 'item',
  topic: { name: 'items', compacted: true },
  maxRows: 100,
  key: 'event.post_id',
  whenMissing: 'Keep',
  waitMs: 0,
  version: 'Newest',
  ...changes,
});
/** Counts clicks by the category of their item. */
const byCategory = (join: Partial<Join> = {}, changes: Partial<WindowProgram> = {}): WindowProgram =>
  aProgram({
    joins: [aJoin(join)],
    key: ['item.category'],
    sinks: [{ kind: 'hash', key: 'category:{category}' }],
    ...changes,
  });
const alone = { alone: true };
const countsOf = async (world: World, ...categories: readonly string[]): Promise<unknown> =>
  Promise.all(categories.map(async (category) => (await world.hash(`category:${category}`))['events']));

describe('a window that joins a table', () => {
  test('counts by fields of its rows, and only those of its condition', async () => {
    const world = await createWorld();
    const program = byCategory(
      {},
      {
        input: { topic: aProgram().input.topic, where: "item.kind == 'video'" },
        aggregations: [
          { kind: 'count', name: 'events', where: 'item.seconds > 10' },
          { kind: 'sum', name: 'seconds', field: 'item.seconds' },
        ],
      },
    );
    await world.put({
      p: { category: 'pets', kind: 'video', seconds: 8 },
      q: { category: 'pets', kind: 'video', seconds: 30 },
    });
    await world.put({ r: { category: 'pets', kind: 'text', seconds: 1 } });
    const running = await world.start(program);
    await world.send(['p', 'q', 'q', 'r', 's'].map((post_id) => ({ post_id })));
    await world.sendWatermark(9_999);
    await step(running);
    expect(await world.hash('category:pets')).toMatchObject({ events: '2', seconds: '68' });
    expect(running.report().ledger).toMatchObject({ in: 5, aggregated: 3, filtered: 2 });
  });

  test('takes no event before the table was read to its end', async () => {
    const world = await createWorld();
    const slow = (options: ConsumerOptions) =>
      world.ports.log.consumer(options).then((inner) => ({
        ...inner,
        poll: (wanted: Parameters<typeof inner.poll>[0]) =>
          inner.poll(options.topics.includes('items') ? { ...wanted, maxRecords: 1 } : wanted),
      }));
    const ports: Partial<Ports> = { log: { ...world.ports.log, consumer: slow } };
    for (const p of ['a', 'b', 'c']) await world.put({ p: { category: p } });
    await world.put({ q: { category: 'd' }, r: { category: 'd' } });
    const running = await world.start(byCategory(), ports);
    await world.send([{ post_id: 'p' }, { post_id: 'q' }]);
    await step(running);
    expect(running.health()).toMatchObject({ kind: 'waiting', reason: 'TableNotRead' });
    expect(running.report().ledger).toMatchObject({ in: 0 });
    for (let i = 0; i < 6; i++) await step(running);
    expect(running.health()).toEqual({ kind: 'ready' });
    await world.sendWatermark(9_999);
    await step(running);
    expect(await countsOf(world, 'a', 'b', 'c', 'd')).toEqual([undefined, undefined, '1', '1']);
  });

  test.each([
    { whenMissing: 'Keep', counted: '2', ledger: { aggregated: 2, filtered: 0 } },
    { whenMissing: 'Drop', counted: '1', ledger: { aggregated: 1, filtered: 1 } },
  ] as const)('an event without a row: $whenMissing', async ({ whenMissing, counted, ledger }) => {
    const world = await createWorld();
    const running = await world.start(byCategory({ whenMissing }, { key: [], sinks: [{ kind: 'hash', key: 'all' }] }));
    await world.put({ p: { category: 'pets' } });
    await world.send([{ post_id: 'p' }, { post_id: 'q' }]);
    await world.sendWatermark(9_999);
    await step(running);
    expect((await world.hash('all'))['events']).toBe(counted);
    expect(running.report().ledger).toMatchObject({ in: 2, ...ledger });
  });

  test('an event that waits gets the row that comes, and nothing overtakes it', async () => {
    const world = await createWorld();
    const running = await world.start(byCategory({ whenMissing: 'Wait', waitMs: 5_000 }), alone);
    await world.send([
      { post_id: 'p', at: 1_000 },
      { post_id: 'q', at: 2_000 },
    ]);
    await step(running);
    expect(running.report().ledger).toMatchObject({ in: 0 });
    await world.put({ p: { category: 'pets' }, q: { category: 'pets' } });
    await step(running);
    await world.sendWatermark(9_999);
    await step(running);
    expect(await countsOf(world, 'pets')).toEqual(['2']);
  });

  test('an event waits no longer than it should, of event time', async () => {
    const world = await createWorld();
    const program = byCategory(
      { whenMissing: 'Wait', waitMs: 5_000 },
      { key: [], sinks: [{ kind: 'hash', key: 'all' }] },
    );
    const running = await world.start(program, alone);
    await world.send([
      { post_id: 'p', at: 1_000 },
      { post_id: 'q', at: 5_999 },
    ]);
    await step(running);
    await step(running);
    expect(running.report().ledger).toMatchObject({ in: 0 });
    await world.send([{ post_id: 'r', at: 6_000 }]);
    await step(running);
    expect(running.report().ledger).toMatchObject({ in: 1, aggregated: 1 });
    await world.sendWatermark(11_000);
    await step(running);
    expect(running.report().ledger).toMatchObject({ in: 3, aggregated: 3 });
  });

  test('as of its time, an event sees the row that was there then', async () => {
    const world = await createWorld();
    await world.put({ p: { category: 'news' } }, 1_000);
    const running = await world.start(byCategory({ version: 'AsOf' }), alone);
    await step(running);
    await world.put({ p: { category: 'pets' } }, 5_000);
    await world.send([500, 1_000, 4_999, 5_000, 6_000].map((at) => ({ post_id: 'p', at })));
    await world.sendWatermark(9_999);
    await step(running);
    expect(await countsOf(world, 'news', 'pets')).toEqual(['2', '2']);
    expect(running.report().ledger).toMatchObject({ in: 5, filtered: 1 });
  });

  test('with more rows than it may hold it takes no events, and says what to do', async () => {
    const world = await createWorld();
    const running = await world.start(byCategory({ maxRows: 1 }));
    await world.put({ p: { category: 'a' }, q: { category: 'b' } });
    await world.send([{ post_id: 'p' }]);
    await step(running);
    await step(running);
    expect(running.health()).toEqual({
      kind: 'stalled',
      reason: 'TableFull',
      message:
        'Cannot take more events: the table "items" has more than 1 rows, a higher joins.table.maxRows or fewer rows are needed',
    });
    expect(running.report().ledger).toMatchObject({ in: 0 });
    await world.put({ q: null });
    await step(running);
    expect(running.health()).toEqual({ kind: 'ready' });
  });

  test('leaves out what is no row, and says so in its metrics', async () => {
    const world = await createWorld();
    await world.put({ p: { category: 'a' }, q: [1] });
    const running = await world.start(byCategory());
    await world.send([{ post_id: 'p' }, { post_id: 'q' }]);
    await step(running);
    await running.save();
    const metrics = await world.metrics();
    expect(metrics).toContain('window_table_rows{window="w",join="item"} 1');
    expect(metrics).toContain('window_table_poisoned_total{window="w",join="item"} 1');
    expect(metrics).toContain('window_joins_total{window="w",join="item",outcome="found"} 1');
    expect(metrics).toContain('window_joins_total{window="w",join="item",outcome="missing"} 1');
  });
});

describe('a worker that goes on from what was saved', () => {
  test('joins what it takes again with the rows as they were, though they have changed', async () => {
    const world = await createWorld();
    await world.put({ p: { category: 'news' } });
    const first = await world.start(byCategory());
    await world.send([{ post_id: 'p', at: 1 }]);
    await step(first);
    await first.save();
    await world.send([{ post_id: 'p', at: 2 }]);
    await world.sendWatermark(9_999);
    await step(first);
    await world.put({ p: { category: 'pets' } });
    await first.stop();

    const second = await world.start(byCategory());
    await step(second);
    expect(await countsOf(world, 'news', 'pets')).toEqual(['2', undefined]);
    await second.save();
    await world.send([{ post_id: 'p', at: 10_001 }]);
    await world.sendWatermark(19_999);
    await step(second);
    expect(await countsOf(world, 'news', 'pets')).toEqual([undefined, '1']);
  });
});

describe('events that are sent on by fields of rows', () => {
  const program = byCategory({}, { rekey: { topic: { name: rekeyed } } });

  test('count once, also when somebody who was replaced sends them elsewhere', async () => {
    const world = await createWorld();
    await world.put({ p: { category: 'pets' }, q: { category: 'news' } });
    const running = await world.start(program);
    await world.send([{ post_id: 'p' }, { post_id: 'q' }]);
    for (let i = 0; i < 4; i++) await step(running);
    const [record] = await world.read(program.input.topic.name);
    const producer = await world.ports.log.producer();
    for (const shard of [0, 1, 2]) {
      const source = { partition: 0, offset: 99n, epoch: 0 };
      const rows = { item: { category: 'pets' } };
      await producer.send(rekeyed, [rekeyedEvent(record!, source, { shard, isCopy: false, rows })]);
    }
    for (let i = 0; i < 4; i++) await step(running);
    expect(running.report().ledger).toMatchObject({ aggregated: 2, duplicate: 3 });
    await world.sendWatermark(9_999);
    for (let i = 0; i < 4; i++) await step(running);
    expect(await countsOf(world, 'pets', 'news')).toEqual(['1', '1']);
  });
});
