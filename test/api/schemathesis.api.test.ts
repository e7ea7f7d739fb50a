import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pipeline, rows, writeHeatmap, writeRows } from '../browser/rows.ts';
import { createWorld, type World } from '../browser/world.ts';
import { pythonOf } from '../servers/python.ts';

const key = 'a-key-of-this-test';

/** A pipeline with all that requests may be about, for those who have the key. */
const program = {
  access: {
    keys: { from: 'secret' as const, name: 'api', key: 'keys' },
    ...{ anonymous: 'None' as const, perSecond: 1_000_000, burst: 1_000_000, forwarded: false, origins: [] },
    maxBodyBytes: 1_048_576,
  },
  ui: false,
  windows: [
    { name: 'post', hash: 'post:{post_id}', key: ['post_id'], values: ['reposts'] },
    { name: 'all', hash: 'all', key: [], values: ['events'] },
  ],
  feed: {
    ...{ name: 'home', posts: { name: `${pipeline}.posts` }, events: { name: `${pipeline}.events` }, shards: 1 },
    ...{ mode: 'RankOnRead' as const, length: 100, ttlMs: 3_600_000, refillPosts: 10 },
  },
};

let world: World;

beforeAll(async () => {
  const sha256 = createHash('sha256').update(key).digest('hex');
  const keys = JSON.stringify([{ name: 'test', sha256, scopes: ['read', 'write', 'operate'] }]);
  world = await createWorld({
    program,
    env: { GROUNDSWELL_SECRET_API_KEYS: keys },
    topics: [`${pipeline}.posts`, `${pipeline}.events`],
  });
  await writeRows(world.keyValue, rows);
  await writeHeatmap(world.keyValue);
  const batch = world.keyValue.batch();
  batch.hashSet('post:p1', { reposts: '7', '@post': '60000' });
  batch.hashSet('all', { events: '9', '@all': '60000' });
  await batch.run();
});
afterAll(() => world.stop());

/** Exit code and all output. */
const run = (command: string, args: readonly string[]): Promise<{ code: number | null; said: string }> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: mkdtempSync(join(tmpdir(), 'groundswell-api-')) });
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('close', (code) => resolve({ code, said }));
  });

test.each([
  { who: 'who has the key', examples: '40', headers: ['--header', `Authorization: Bearer ${key}`] },
  { who: 'who has none', examples: '3', headers: [] },
])(
  'whatever is asked by $who, the answer is one of those that the document names, and never a 500',
  async ({ headers, examples }) => {
    const python = pythonOf(join(import.meta.dirname, 'python', 'requirements.lock'));
    const { code, said } = await run(join(dirname(python), 'st'), [
      'run',
      `${world.url}/openapi.json`,
      ...headers,
      // It has no end.
      ...['--exclude-operation-id', 'stream'],
      ...['--phases', 'examples,coverage,fuzzing', '--max-examples', process.env['EXAMPLES'] ?? examples],
      ...['--seed', '11', '--workers', '1', '--no-color', '--suppress-health-check', 'all'],
      ...['--checks', 'not_a_server_error,status_code_conformance,content_type_conformance'],
      ...['--checks', 'response_headers_conformance,response_schema_conformance,negative_data_rejection'],
    ]);
    expect(code, said.slice(-16000)).toBe(0);
  },
);
