import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IngestRunning } from '../../ingest.ts';
import { startIngest } from '../../start.ts';
import {
  deadLettersOf,
  drain,
  eventsOf,
  fileOf,
  folderWith,
  programOf,
  replayOf,
  testPorts,
} from '../../test/support.ts';

type Replay = Parameters<typeof replayOf>;
type Files = Parameters<typeof folderWith>[0];

const header = 'id,at,post,user';
const csv = (...rows: readonly string[]): string => [header, ...rows, ''].join('\n');

const start = async (files: Files, configs: Replay[0], changes?: Replay[1]) => {
  const ports = await testPorts();
  const directory = folderWith(files);
  const open = (): Promise<IngestRunning> => startIngest(programOf(replayOf(configs, changes)), ports, { directory });
  return { ports, directory, open };
};
const replay = async (files: Files, configs: Replay[0], changes?: Replay[1]) => {
  const { ports, open } = await start(files, configs, changes);
  const running = await open();
  await drain(running);
  return { ports, running, events: await eventsOf(ports) };
};

describe('a mapping', () => {
  const column = (mapping: Readonly<Record<string, string>>) =>
    fileOf('a.csv', { mapping: { ...fileOf('').mapping, ...mapping } });

  test.each([
    {
      what: 'reads a column that the file does not have',
      file: column({ lang: 'row.language', text: 'root.body' }),
      message:
        'Cannot map "a.csv": lang reads row.language, but the file has no such column; its columns are id, at, post, user',
    },
    {
      what: 'reads a column of the root that no file has',
      file: column({ text: 'root.body' }),
      message:
        'Cannot map "a.csv": text reads root.body, but the file has no such column; its columns are id, at, post, user',
    },
    {
      what: 'filters by a column that the file does not have',
      file: { ...column({}), where: "row.kind == 'x'" },
      message:
        'Cannot map "a.csv": where reads row.kind, but the file has no such column; its columns are id, at, post, user',
    },
    {
      what: 'fills a field that an event does not have',
      file: column({ 'user.follower': 'row.user' }),
      message: 'Cannot map "a.csv": an event has no field "user.follower", did you mean "user.followers"?',
    },
    {
      what: 'does not parse',
      file: column({ text: 'row.user +' }),
      message: /^Cannot map "text" of "a.csv": Cannot use the expression "row.user \+" at column \d+: /,
    },
    {
      what: 'asks for the root before it is known',
      file: column({ post_id: 'root.post' }),
      message: /Cannot map "post_id" of "a.csv": .*unknown variable "root"/,
    },
    {
      what: 'has no time',
      file: fileOf('a.csv', { mapping: { type: "'post'" } }),
      message: 'Cannot map "a.csv": its mapping has no "at", which every event needs',
    },
  ])('that $what is refused at the start', async ({ file, message }) => {
    const { open } = await start({ 'a.csv': csv('1,10,p,ann') }, [file]);
    await expect(open()).rejects.toThrow(message);
  });

  test('may ask whether a column is there', async () => {
    const { events } = await replay({ 'a.csv': csv('1,10,p,ann') }, [
      column({ text: "has(row.body) ? row.body : 'none'" }),
    ]);
    expect(events[0]?.text).toBe('none');
  });

  test('leaves out what is empty and turns text into what a field holds', async () => {
    const mapping = {
      type: "'post'",
      at: 'row.at',
      post_id: 'row.post',
      user_id: 'row.post',
      author_id: 'row.post',
      'user.followers': 'row.followers',
      'user.created_at': 'row.since',
      'attributes.kind': 'row.kind',
      tags: 'row.tags',
    };
    const { events } = await replay(
      { 'a.csv': 'at,post,followers,since,kind,tags\n10,p,12.0,3,big,"[""x"",""y""]"\n11,q,,,,\n' },
      [fileOf('a.csv', { mapping })],
    );
    const shared = { type: 'post', ingested_at: expect.any(Number), source: 'demo' };
    expect(events).toEqual([
      {
        ...shared,
        id: 'a.csv:2',
        at: 10_000,
        post_id: 'p',
        user_id: 'p',
        author_id: 'p',
        user: { followers: 12, created_at: 3000 },
        attributes: { kind: 'big' },
        tags: ['x', 'y'],
      },
      { ...shared, id: 'a.csv:3', at: 11_000, post_id: 'q', user_id: 'q', author_id: 'q' },
    ]);
  });
});

test('a follow needs no post, and an id that JSON cannot hold is refused', async () => {
  const mapping = { id: 'row.id', type: "'follow'", at: 'row.at', user_id: 'row.user', author_id: 'row.whom' };
  const lines = [
    '{"id":"1","at":1,"user":"ann","whom":"bob"}',
    '{"id":12345678901234567890,"at":2,"user":"a","whom":"b"}',
  ];
  const { events, ports } = await replay({ 'a.jsonl': lines.join('\n') }, [
    fileOf('a.jsonl', { format: 'jsonl', mapping }),
  ]);
  expect(events).toMatchObject([{ id: '1', type: 'follow', post_id: '', user_id: 'ann', author_id: 'bob' }]);
  expect((await deadLettersOf(ports))[0]?.reason).toBe(
    'Cannot use line 2 of "a.jsonl": id is 12345678901234567000, a text or a number up to 2^53 is needed',
  );
});

test('progress is the share of rows given, sorted or not', async () => {
  const { open } = await start(
    { 'a.csv': csv('1,10,p,ann', '2,20,p,bob', '3,30,p,cem', '4,40,p,dan') },
    [fileOf('a.csv')],
    {
      order: 'Sort',
    },
  );
  const running = await open();
  const shares = new Set<number | undefined>();
  while (!running.progress().done) {
    await running.step({ maxWaitMs: 0 });
    shares.add(running.progress().share);
  }
  expect([...shares]).toEqual([0.25, 0.5, 0.75, 1]);
});

describe('first and root', () => {
  const ofTwo = [
    fileOf('posts.csv', {
      mapping: { type: "'post'", at: 'row.at', post_id: 'row.id', user_id: 'row.by', author_id: 'row.by' },
    }),
    fileOf('events.csv', {
      mapping: {
        type: "'repost'",
        at: 'row.at',
        post_id: 'row.post',
        user_id: 'row.user',
        author_id: 'root.by',
        posted_at: 'root.at',
      },
    }),
  ];

  test('tell the post from those who pass it on, in one file', async () => {
    const { events } = await replay({ 'a.csv': csv('1,1,p,ann', '2,2,q,bob', '3,3,p,cem', '4,4,q,dan') }, [
      fileOf('a.csv'),
    ]);
    expect(events.map(({ type, author_id }) => `${type} ${author_id}`)).toEqual([
      'post ann',
      'post bob',
      'repost ann',
      'repost bob',
    ]);
  });

  test('join the post of another file, which comes first at equal times', async () => {
    const files = {
      'posts.csv': 'id,at,by\nq,5,bob\np,1,ann\n',
      'events.csv': 'post,at,user\np,9,x\nq,5,y\nq,6,z\np,1,w\n',
    };
    const { events } = await replay(files, ofTwo, { order: 'Sort' });
    expect(
      events.map(({ type, post_id, user_id, author_id }) => [type, post_id, user_id, author_id].join(' ')),
    ).toEqual([
      'post p ann ann',
      'repost p w ann',
      'post q bob bob',
      'repost q y bob',
      'repost q z bob',
      'repost p x ann',
    ]);
    expect(events.at(-1)?.posted_at).toBe(1000);
  });

  test('do not take a repost that comes before its post for the root', async () => {
    const files = { 'posts.csv': 'id,at,by\np,5,ann\n', 'events.csv': 'post,at,user\np,3,early\np,7,late\n' };
    const { events, ports } = await replay(files, ofTwo, { order: 'Sort' });
    expect(events.map(({ type, user_id }) => `${type} ${user_id}`)).toEqual(['post ann', 'repost late']);
    expect((await deadLettersOf(ports))[0]).toMatchObject({
      reason: 'Cannot use line 2 of "events.csv": Cannot make an event: author_id: is missing, a string is needed',
      origin: 'events.csv',
      offset: '2',
    });
  });

  test('see rows that where takes, and no others', async () => {
    const { events, running } = await replay({ 'a.csv': csv('1,1,p,bot', '2,2,p,ann', '3,3,p,bob') }, [
      fileOf('a.csv', { where: "row.user != 'bot'" }),
    ]);
    expect(events.map(({ type, author_id }) => `${type} ${author_id}`)).toEqual(['post ann', 'repost ann']);
    expect(running.report().ledger?.in).toBe(2);
  });
});

describe('bad input', () => {
  const rows = ['1,10,p,ann', '2,11,p,bob', '3,12,p'];

  test('goes to the dead letters, and the rest goes on', async () => {
    const { events, ports, running } = await replay({ 'a.csv': csv(...rows, '4,13,p,dan') }, [fileOf('a.csv')]);
    expect(events.map(({ id }) => id)).toEqual(['1', '2', '4']);
    expect(await deadLettersOf(ports)).toMatchObject([
      { reason: 'Cannot use line 4 of "a.csv": it has 3 columns, the header has 4', offset: '4' },
    ]);
    expect(running.progress().done).toBe(true);
  });

  test('stops the source where that is asked for, after the rows before it, also after a new start', async () => {
    const { ports, open } = await start({ 'a.csv': csv(...rows, '4,13,p,dan') }, [fileOf('a.csv')], {
      onBadRow: 'Stop',
    });
    for (let life = 0; life < 2; life++) {
      const running = await open();
      await drain(running);
      expect(running.health()).toEqual({
        kind: 'stalled',
        reason: 'BadRow',
        message:
          'Cannot use line 4 of "a.csv": it has 3 columns, the header has 4; a corrected row is needed, or onBadRow: DeadLetter',
      });
      expect(running.progress().done).toBe(false);
      await running.save();
    }
    expect((await eventsOf(ports)).map(({ id }) => id)).toEqual(['1', '2']);
  });

  test('is corrected, and the source goes on behind it', async () => {
    const { ports, directory, open } = await start({ 'a.csv': csv(...rows) }, [fileOf('a.csv')], { onBadRow: 'Stop' });
    const running = await open();
    await drain(running);
    await running.save();
    const corrected = folderWith({ 'a.csv': csv('1,10,p,ann', '2,11,p,bob', '3,12,p,cem') });
    expect(corrected).not.toBe(directory);
    const program = programOf(replayOf([fileOf('a.csv')], { onBadRow: 'Stop' }));
    await drain(await startIngest(program, ports, { directory: corrected }));
    expect((await eventsOf(ports)).map(({ id }) => id)).toEqual(['1', '2', '3']);
  });

  test('in JSON lines: a line cut off is a dead letter with its line and its bytes', async () => {
    const lines = '{"id":"1","at":10,"post":"p","user":"ann"}\n[]\n{"id":"2","at":11,"po';
    const { events, ports } = await replay({ 'a.jsonl': lines }, [fileOf('a.jsonl', { format: 'jsonl' })]);
    expect(events.map(({ id }) => id)).toEqual(['1']);
    expect(await deadLettersOf(ports)).toMatchObject([
      { reason: 'Cannot use line 2 of "a.jsonl": it is JSON but no object', offset: '2' },
      {
        reason: 'Cannot use line 3 of "a.jsonl": it is not JSON (the file ends within it)',
        offset: '3',
        raw: Buffer.from('{"id":"2","at":11,"po').toString('base64'),
      },
    ]);
  });

  test('in a gzip archive: rows before the damage are kept, and the source says where it stands', async () => {
    const many = Array.from({ length: 30_000 }, (_, i) => `${i},${i},p,${Math.imul(i, 2_654_435_761)}`);
    const archive = gzipSync(csv(...many));
    const gzip = fileOf('a.csv.gz', { compression: 'gzip' });
    const { events, running } = await replay({ 'a.csv.gz': archive.subarray(0, archive.length / 2) }, [gzip]);
    expect(events.length).toBeGreaterThan(10_000);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, i) => String(i)));
    expect(running.health()).toEqual({
      kind: 'stalled',
      reason: 'BadArchive',
      message: `Cannot read "a.csv.gz" beyond line ${events.length + 1}: the gzip archive is damaged (unexpected end of file), a whole copy of the file is needed`,
    });
    expect(running.progress().done).toBe(false);
  });

  test('that is no gzip archive at all is refused at the start', async () => {
    const { open } = await start({ 'a.csv.gz': csv('1,10,p,ann') }, [fileOf('a.csv.gz', { compression: 'gzip' })]);
    await expect(open()).rejects.toThrow(
      'Cannot read "a.csv.gz" beyond line 0: the gzip archive is damaged (incorrect header check), a whole copy of the file is needed',
    );
  });

  test.each([
    { path: 'gone.csv', message: /^Cannot replay "gone.csv": there is no file ".*gone.csv"$/ },
    { path: 'empty.csv', message: 'Cannot replay "empty.csv": it is empty, a header with column names is needed' },
    { path: 'twice.csv', message: 'Cannot replay "twice.csv": its header has the column "id" twice' },
    { path: '.', message: /^Cannot replay ".": ".*" is no file$/ },
    {
      path: 's3://b/a.csv',
      message: 'Cannot replay "s3://b/a.csv": addresses are not supported yet, a file is needed',
    },
  ])('$path is refused at the start', async ({ path, message }) => {
    const { open } = await start({ 'empty.csv': '', 'twice.csv': 'id,at,id\n' }, [fileOf(path)]);
    await expect(open()).rejects.toThrow(message);
  });
});

describe('a replay that is cut and started again', () => {
  const files = {
    'a.csv': csv(...Array.from({ length: 60 }, (_, i) => `a${i},${(i * 7) % 90},p${i % 5},u${i}`)),
    'b.csv': csv(
      ...Array.from({ length: 40 }, (_, i) =>
        i % 9 === 4 ? `b${i},x,p0,u` : `b${i},${(i * 11) % 80},p${i % 4},v${i}`,
      ),
    ),
  };
  const configs = [fileOf('a.csv'), fileOf('b.csv')];

  test.each(['Sort', 'InOrder'] as const)('gives the same events as one that was not, in order %s', async (order) => {
    const whole = await replay(files, configs, { order });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }), async (lives) => {
        const { ports, open } = await start(files, configs, { order });
        for (const steps of lives) {
          const running = await open();
          await drain(running, steps);
          await running.save();
        }
        await drain(await open());
        expect(await eventsOf(ports)).toEqual(whole.events);
        expect((await deadLettersOf(ports)).length).toBe((await deadLettersOf(whole.ports)).length);
      }),
      { numRuns: 15 },
    );
  });

  test('refuses a file that is not what it was', async () => {
    const { ports, open } = await start({ 'a.csv': csv('1,1,p,u', '2,5,p,v', '3,9,p,w') }, [fileOf('a.csv')]);
    const running = await open();
    await drain(running, 2);
    await running.save();
    const directory = folderWith({ 'a.csv': csv('1,1,p,u', '2,6,p,v', '3,9,p,w') });
    await expect(startIngest(programOf(replayOf([fileOf('a.csv')])), ports, { directory })).rejects.toThrow(
      'Cannot go on with the replay: row 2 was line 3 of "a.csv" and is not any more, the files as they were are needed (or a new start)',
    );
  });
});
