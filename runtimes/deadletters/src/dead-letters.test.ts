import { createMemoryLog, deadLetterOf, type Log } from '@groundswell/stores';
import { decodeEvent, encodeEvent, encodeJson, type SocialEvent } from '@groundswell/wire';
import { beforeEach, describe, expect, test } from 'vitest';
import { chooseLetters, findLetter } from './choose.ts';
import { readLetters } from './letters.ts';
import type { Place } from './place.ts';
import { printLetter, printLetters, printReplayed } from './print.ts';
import { replay } from './replay.ts';

const place: Place = { topic: 'dead', events: { topic: 'events', keyBy: 'post_id' } };
const event: SocialEvent = {
  ...{ id: 'e', type: 'like', at: 5_000, ingested_at: 0, source: 'test' },
  ...{ post_id: 'p', user_id: 'u', author_id: 'a' },
};
const poison = (value: Uint8Array) => ({
  ...{ topic: 'events', partition: 1, reason: 'no JSON' },
  record: { offset: 7n, key: undefined, value, headers: {}, timestamp: 0 },
});
const fromSource = (raw: Uint8Array) => ({
  value: encodeJson({
    ...{ group: 'ingest-file', reason: 'bad row', origin: 'posts.csv', offset: '3', at: 9 },
    raw: Buffer.from(raw).toString('base64'),
  }),
});

let log: Log;
beforeEach(async () => {
  log = createMemoryLog();
  await log.createTopics([
    { name: 'dead', partitions: 2 },
    { name: 'events', partitions: 3 },
  ]);
});
const write = async (...records: Parameters<Awaited<ReturnType<Log['producer']>>['send']>[1]): Promise<void> =>
  (await log.producer()).send(
    'dead',
    records.map((record) => ({ partition: 0, ...record })),
  );
const eventsAt = async () => {
  const consumer = await log.consumer({ topics: ['events'], from: 'earliest' });
  return (await consumer.poll({ maxRecords: 100, maxWaitMs: 0 })).flatMap(({ partition, records }) =>
    records.map(({ key, value }) => ({ partition, key, text: Buffer.from(value ?? []).toString() })),
  );
};
const replayAll = async (options: { readonly corrected?: Uint8Array; readonly dryRun?: boolean } = {}) => {
  const all = await readLetters(log, 'dead');
  return replay(log, chooseLetters(all, {}), { place, all, dryRun: false, ...options });
};

describe('dead letters', () => {
  test('are listed with what they are of, whoever else has written to their topic', async () => {
    await write(deadLetterOf('window-w', poison(Buffer.from('{"id":')), 1_000), { value: Buffer.from('what?') });
    await write(fromSource(Buffer.from('a,b')));
    const letters = await readLetters(log, 'dead');
    expect(printLetters(letters, 'table')).toBe(
      [
        'ID   AT                        GROUP        FROM         REPLAYED  REASON',
        '0-2  1970-01-01T00:00:00.009Z  ingest-file  posts.csv@3  no        bad row',
        '0-0  1970-01-01T00:00:01.000Z  window-w     events/1@7   no        no JSON',
      ].join('\n'),
    );
    expect(chooseLetters(letters, { group: 'window-w' }).map(({ id }) => id)).toEqual(['0-0']);
    expect(printLetter(findLetter(letters, '0-0'), 'table')).toMatch(/reason: +no JSON\n[\s\S]*\n\n\{"id":$/);
    expect(JSON.parse(printLetter(findLetter(letters, '0-0'), 'json'))).toMatchObject({ content: '{"id":', id: '0-0' });
    expect(() => findLetter(letters, '1-0')).toThrow('Cannot find dead letter "1-0": there is none');
    expect(printLetters([], 'table')).toBe('No dead letters');
  });

  test('go back to the partition that they came from, once for all groups, and are marked', async () => {
    for (const group of ['window-w', 'scorer-s'])
      await write(deadLetterOf(group, poison(Buffer.from('{"id":')), 1_000));
    expect(printReplayed(await replayAll(), 'table')).toBe('0-0  given to events\n0-1  given to events');
    expect(await eventsAt()).toEqual([{ partition: 1, key: undefined, text: '{"id":' }]);
    const letters = await readLetters(log, 'dead');
    expect(chooseLetters(letters, {})).toEqual([]);
    expect(chooseLetters(letters, { replayed: true }).map(({ id }) => id)).toEqual(['0-0', '0-1']);
    expect(printReplayed(await replayAll(), 'table')).toBe('Nothing to give back');
  });

  test('stay where they are when it is only asked what would be done', async () => {
    await write(deadLetterOf('window-w', poison(Buffer.from('x')), 1_000));
    expect(await replayAll({ dryRun: true })).toMatchObject([{ id: '0-0', to: 'events' }]);
    expect(await eventsAt()).toEqual([]);
    expect(chooseLetters(await readLetters(log, 'dead'), {})).toHaveLength(1);
  });

  test('of a source go to the events, if they are events or a corrected one is given', async () => {
    await write(fromSource(encodeEvent(event)), fromSource(Buffer.from('a,b')));
    const told = await replayAll();
    expect(told.map(({ to }) => to)).toEqual(['events', undefined]);
    expect(printReplayed(told, 'table')).toMatch(
      /0-1 {2}kept: what came from "posts.csv" is no event \(.*\), a corrected one/,
    );
    await replayAll({ corrected: encodeEvent({ ...event, id: 'corrected' }) });
    const found = await eventsAt();
    expect(found.map(({ key, text }) => [key, decodeEvent(Buffer.from(text)).id])).toEqual([
      ['p', 'e'],
      ['p', 'corrected'],
    ]);
  });
});
