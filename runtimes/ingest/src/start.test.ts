import { endOfTime, watermarkHeader } from '@groundswell/wire';
import { describe, expect, test } from 'vitest';
import { startIngest } from './start.ts';
import {
  deadLettersOf,
  drain,
  eventsOf,
  fileOf,
  folderWith,
  generatorOf,
  handClock,
  outputTopic,
  programOf,
  recordsOf,
  replayOf,
  testPorts,
} from './test/support.ts';

const csv = (...rows: readonly string[]): string => ['id,at,post,user', ...rows, ''].join('\n');
const good = csv('1,10,p,ann', '2,11,p,bob', '2,11,p,bob', '3,x,p,cem', '4,70,q,dan');

describe('a source', () => {
  test('writes events, drops repeats and dead-letters what is none, and accounts for all', async () => {
    const ports = await testPorts();
    const running = await startIngest(programOf(replayOf([fileOf('a.csv')])), ports, {
      directory: folderWith({ 'a.csv': good }),
    });
    await drain(running);
    expect((await eventsOf(ports)).map(({ id, type, author_id }) => [id, type, author_id])).toEqual([
      ['1', 'post', 'ann'],
      ['2', 'repost', 'ann'],
      ['4', 'post', 'dan'],
    ]);
    expect(await deadLettersOf(ports)).toEqual([
      {
        group: 'ingest-demo',
        reason: 'Cannot use line 5 of "a.csv": at is "x", a time in s since the epoch is needed',
        origin: 'a.csv',
        offset: '5',
        raw: Buffer.from('3,x,p,cem').toString('base64'),
        at: ports.clock.now(),
      },
    ]);
    expect(running.report().ledger).toEqual({
      in: 5,
      aggregated: 3,
      late: 0,
      filtered: 0,
      duplicate: 1,
      deadLettered: 1,
    });
    expect(await ports.metrics.registry.getSingleMetricAsString('ingest_events_total')).toContain(
      'ingest_events_total{source="demo",outcome="dead_lettered"} 1',
    );
  });

  test('stamps records with their event time, and events with the clock', async () => {
    const ports = await testPorts();
    const running = await startIngest(programOf(replayOf([fileOf('a.csv')])), ports, {
      directory: folderWith({ 'a.csv': good }),
    });
    await running.step({ maxWaitMs: 0 });
    const [first] = await recordsOf(ports, outputTopic);
    expect(first?.timestamp).toBe(10_000);
    expect((await eventsOf(ports))[0]?.ingested_at).toBe(ports.clock.now());
  });

  test('ends with a watermark in every partition, once', async () => {
    const ports = await testPorts(4);
    const directory = folderWith({ 'a.csv': good });
    const running = await startIngest(programOf(replayOf([fileOf('a.csv')])), ports, { directory });
    await drain(running);
    expect(running.progress()).toEqual({ events: 5, share: 1, at: 70_000, done: true });
    await running.save();
    const again = await startIngest(programOf(replayOf([fileOf('a.csv')])), ports, { directory });
    expect(await again.step({ maxWaitMs: 0 })).toBe(0);
    const marks = (await recordsOf(ports, outputTopic)).filter(({ value }) => value === null);
    expect(marks.map(({ headers }) => headers)).toEqual(Array(4).fill({ [watermarkHeader]: String(endOfTime) }));
    expect(again.progress().done).toBe(true);
  });

  test.each(['post_id', 'user_id', 'author_id', 'at'] as const)(
    'has the same events under the key %s',
    async (keyBy) => {
      const ports = await testPorts(3);
      const running = await startIngest(programOf(generatorOf(), { keyBy }), ports, { directory: '.' });
      await drain(running);
      const records = (await recordsOf(ports, outputTopic)).filter(({ value }) => value !== null);
      const events = await eventsOf(ports);
      expect(records.map(({ key }) => key)).toEqual(events.map((event) => String(event[keyBy])));
      const reference = await testPorts();
      await drain(await startIngest(programOf(generatorOf()), reference, { directory: '.' }));
      const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).sort();
      expect(ids(events)).toEqual(ids(await eventsOf(reference)));
    },
  );

  test('dead-letters an event that is too far ahead of the clock, where that is limited', async () => {
    const ports = await testPorts(1, handClock(20_000));
    const program = programOf(replayOf([fileOf('a.csv')]), { maxFutureMs: 5000 });
    await drain(await startIngest(program, ports, { directory: folderWith({ 'a.csv': csv('1,10,p,a', '2,60,p,b') }) }));
    expect((await eventsOf(ports)).map(({ id }) => id)).toEqual(['1']);
    expect((await deadLettersOf(ports))[0]?.reason).toBe(
      'Cannot take an event: its time is 40000 ms ahead of the clock, at most 5000 ms is allowed',
    );
  });
});

describe('after a crash', () => {
  const ids = (events: readonly { readonly id: string }[]) => events.map(({ id }) => id);
  const reference = async () => {
    const ports = await testPorts();
    await drain(await startIngest(programOf(generatorOf()), ports, { directory: '.' }));
    return ids(await eventsOf(ports));
  };

  test.each([0, 1, 7, 100])(
    'a source goes on from its last save, nothing lost or twice, with %i steps unsaved',
    async (unsaved) => {
      const ports = await testPorts();
      let running = await startIngest(programOf(generatorOf()), ports, { directory: '.' });
      while (!running.progress().done) {
        for (let step = 0; step < 40; step++) await running.step({ maxWaitMs: 0 });
        await running.save();
        for (let step = 0; step < unsaved; step++) await running.step({ maxWaitMs: 0 });
        const { progress } = running;
        if (progress().done) break;
        running = await startIngest(programOf(generatorOf()), ports, { directory: '.' });
      }
      expect(ids(await eventsOf(ports))).toEqual(await reference());
    },
  );

  test('before the first save, nothing is written twice either', async () => {
    const ports = await testPorts();
    const killed = await startIngest(programOf(generatorOf()), ports, { directory: '.' });
    for (let step = 0; step < 30; step++) await killed.step({ maxWaitMs: 0 });
    await drain(await startIngest(programOf(generatorOf()), ports, { directory: '.' }));
    expect(ids(await eventsOf(ports))).toEqual(await reference());
  });

  test('the ledger is that of a run without a crash', async () => {
    const ports = await testPorts();
    const running = await startIngest(programOf(generatorOf()), ports, { directory: '.' });
    for (let step = 0; step < 50; step++) await running.step({ maxWaitMs: 0 });
    await running.save();
    for (let step = 0; step < 50; step++) await running.step({ maxWaitMs: 0 });
    const again = await startIngest(programOf(generatorOf()), ports, { directory: '.' });
    await drain(again);
    const whole = await testPorts();
    const reference = await startIngest(programOf(generatorOf()), whole, { directory: '.' });
    await drain(reference);
    expect(again.report().ledger).toEqual(reference.report().ledger);
    expect(again.report().ledger?.duplicate).toBeGreaterThan(0);
  });
});

describe('a changed program', () => {
  const busy = { postsPerHour: 3000 };
  const program = programOf(generatorOf({ ...busy, speed: 60 }));
  const changed = (change: object) => ({ ...program, revision: 'r2', ...change });

  test('is taken while running when only its pace differs', async () => {
    const clock = handClock();
    const ports = await testPorts(1, clock);
    const running = await startIngest(program, ports, { directory: '.', world: { sleep: clock.sleep } });
    const stepUntilEvents = async () => {
      const before = clock.now();
      for (let taken = 0; taken === 0; ) taken = await running.step({ maxWaitMs: 100 });
      return clock.now() - before;
    };
    expect(await stepUntilEvents()).toBe(1000); // a tick of 60 s at 60 times the pace
    const reader = generatorOf({ ...busy, speed: 600 });
    expect(await running.update(changed({ source: { name: 'demo', reader } }))).toBe(true);
    expect(await stepUntilEvents()).toBe(100);
    expect(await running.update(changed({ source: { name: 'demo', reader: generatorOf(busy) } }))).toBe(true);
    expect(await stepUntilEvents()).toBe(0);
  });

  test.each([
    ['another seed', { source: { name: 'demo', reader: generatorOf({ ...busy, seed: 8 }) } }],
    ['another key', { keyBy: 'at' }],
    ['another memory of ids', { dedupe: { spanMs: 1, maxIds: 1 } }],
  ])('needs a restart for %s', async (_, change) => {
    const running = await startIngest(program, await testPorts(), { directory: '.' });
    expect(await running.update(changed(change))).toBe(false);
  });
});
