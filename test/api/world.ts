import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline, rows, writeHeatmap, writeRows } from '../browser/rows.ts';
import { createWorld, type World } from '../browser/world.ts';
import { pythonOf } from '../servers/python.ts';

export const key = 'a-key-of-this-test';

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
    ...{ mode: 'RankOnRead' as const, length: 100, ttlMs: 3_600_000, refillPosts: 10, rules: [], userTags: [] },
  },
};

/** The API of a pipeline that has scored some posts. */
export const createApi = async (): Promise<World> => {
  const sha256 = createHash('sha256').update(key).digest('hex');
  const keys = JSON.stringify([{ name: 'test', sha256, scopes: ['read', 'write', 'operate'] }]);
  const topics = [`${pipeline}.posts`, `${pipeline}.events`];
  const world = await createWorld({ program, env: { GROUNDSWELL_SECRET_API_KEYS: keys }, topics });
  await writeRows(world.keyValue, rows);
  await writeHeatmap(world.keyValue);
  const batch = world.keyValue.batch();
  batch.hashSet('post:p1', { reposts: '7', '@post': '60000' });
  batch.hashSet('all', { events: '9', '@all': '60000' });
  await batch.run();
  return world;
};

/** The interpreter with the packages of these tests. */
export const python = (): string => pythonOf(join(import.meta.dirname, 'python', 'requirements.lock'));

/** Exit code and all output. */
export const run = (command: string, args: readonly string[]): Promise<{ code: number | null; said: string }> =>
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
