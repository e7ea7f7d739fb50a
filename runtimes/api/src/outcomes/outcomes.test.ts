import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { contentOf, keysOf, type OutcomeReport, Problem, type SocialEvent } from '@groundswell/wire';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type ApiRunning, startApi } from '../start.ts';
import { address, createPorts, program, status, writePost } from '../test/world.ts';

const reports = {
  outcomes: ['viral', 'sold'],
  events: { name: 'demo.events' },
  keyBy: 'author_id',
} as const;
let ports: Awaited<ReturnType<typeof createPorts>>;
let api: ApiRunning;

beforeEach(async () => {
  ports = await createPorts();
  await ports.log.createTopics([{ name: 'demo.events', partitions: 1 }]);
  api = await startApi(program({ reports: { ...reports, outcomes: [...reports.outcomes] } }), ports, {
    ...address,
    status: () => status,
  });
});
afterEach(() => api.stop());

const post = (body: unknown, url = api.url) =>
  fetch(`${url}/v1/outcomes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const logged = async () => {
  const consumer = await ports.log.consumer({ topics: ['demo.events'], from: 'earliest' });
  const batches = await consumer.poll({ maxRecords: 100, maxWaitMs: 0 });
  await consumer.close();
  return batches
    .flatMap(({ records }) => records)
    .map((record) => ({ key: record.key, ...(contentOf(record) as SocialEvent) }));
};

test('a report becomes an event of type outcome, with what is known of its post', async () => {
  await writePost(ports, 'p1', 0.5);
  const given: readonly OutcomeReport[] = [
    { outcome: 'viral', post_id: 'p1', value: 12 },
    { outcome: 'sold', post_id: 'unknown', value: 3.5, at: 900_000, author_id: 'ann' },
    { outcome: 'sold', post_id: 'unknown', value: 4 },
  ];
  expect((await post({ reports: given })).status).toBe(204);
  expect(await logged()).toMatchObject([
    {
      key: 'a1',
      type: 'outcome',
      at: 1_000_000,
      post_id: 'p1',
      author_id: 'a1',
      posted_at: 1000,
      outcome: { viral: 12 },
    },
    { key: 'ann', at: 900_000, ingested_at: 1_000_000, author_id: 'ann', outcome: { sold: 3.5 } },
    { key: '', author_id: '', outcome: { sold: 4 } },
  ]);
});

test.each([
  { body: '{', says: 'the body is no JSON, an object is needed' },
  { body: { reports: [] }, says: 'reports: Too small: expected array to have >=1 items' },
  { body: { reports: [{ outcome: 'viral', post_id: 'p', value: 'many' }] }, says: 'reports.0.value: ' },
  {
    body: { reports: [{ outcome: 'virl', post_id: 'p', value: 1 }] },
    says: 'Cannot take reports[0]: no outcome "virl" is taken, one of "viral", "sold" is needed',
  },
  {
    body: { reports: [{ outcome: 'viral', post_id: 'p', value: 1, at: 2_000_000 }] },
    says: 'Cannot take reports[0]: its time 2000000 is 1000000 ms ahead, one that has been is needed',
  },
])('what is not right is refused whole: $says', async ({ body, says }) => {
  const response = await post(body);
  expect(response.status).toBe(400);
  expect(Problem.parse(await response.json()).detail).toContain(says);
  expect(await logged()).toEqual([]);
});

test('too large a body is refused, and the connection is there for the next one', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const send = async (body: string) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request(`${api.url}/v1/outcomes`, { method: 'POST', agent, headers }).end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    await once(answer.resume(), 'end');
    return { status: answer.statusCode, reused: sent.reusedSocket };
  };
  expect(await send('x'.repeat(2 ** 21 + 1))).toEqual({ status: 413, reused: false });
  // Whoever does not read what was sent cuts it off after half a second.
  await wait(700);
  expect(await send('{}')).toEqual({ status: 400, reused: true });
});

test('a pipeline without reported outcomes takes none', async () => {
  const other = await startApi(program(), ports, { ...address, status: () => status });
  const response = await post({ reports: [{ outcome: 'viral', post_id: 'p', value: 1 }] }, other.url);
  await other.stop();
  expect(response.status).toBe(404);
  expect(Problem.parse(await response.json()).detail).toMatch(/declares none as reported/);
});

test('the tags of the post come with the report', async () => {
  await writePost(ports, 'p1', 0.5);
  const batch = ports.keyValue.batch();
  batch.hashSet(keysOf('demo').post('p1'), { card: '{"post_id":"p1","author_id":"b","posted_at":1,"tags":["x"]}' });
  await batch.run();
  await post({ reports: [{ outcome: 'viral', post_id: 'p1', value: 0 }] });
  expect(await logged()).toMatchObject([{ author_id: 'b', tags: ['x'] }]);
});
