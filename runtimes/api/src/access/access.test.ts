import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiAccess } from '@groundswell/graph';
import { createLogger, createValues } from '@groundswell/process';
import { Problem } from '@groundswell/wire';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiRunning, startApi } from '../start.ts';
import { address, createPorts, openAccess, program, status, writePost } from '../test/world.ts';

const keys = { from: 'secret', name: 'api', key: 'keys' } as const;
const entry = (key: string, more: object = {}) => ({
  ...{ name: 'newsroom', sha256: createHash('sha256').update(key).digest('hex'), scopes: ['read'] },
  ...more,
});

let ports: Awaited<ReturnType<typeof createPorts>>;
let api: ApiRunning;
let directory: string;
let logged: string[];

/** As a mounted Secret is written: whole, in one step. */
const declare = async (list: unknown): Promise<void> => {
  const folder = join(directory, 'secrets', 'api');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'new'), typeof list === 'string' ? list : JSON.stringify(list));
  await rename(join(folder, 'new'), join(folder, 'keys'));
};
const start = async (changes: Partial<ApiAccess>): Promise<void> => {
  const write = (line: string): void => {
    logged.push(line);
  };
  const logger = createLogger('api', 'debug', { write });
  const values = createValues({ directories: [directory], env: {} });
  api = await startApi(
    program({ access: { ...openAccess, keys, anonymous: 'None', ...changes } }),
    { ...ports, logger },
    { ...address, values, status: () => status },
  );
};
const look = async (): Promise<void> => {
  ports.setNow(ports.clock.now() + 1_000);
  await api.step({ maxWaitMs: 0 });
};
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${api.url}${path}`, { method, headers });
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const statuses = async (...asked: readonly Promise<Response>[]): Promise<readonly number[]> =>
  (await Promise.all(asked)).map((response) => response.status);

beforeEach(async () => {
  ports = await createPorts();
  directory = await mkdtemp(join(tmpdir(), 'groundswell-keys-'));
  logged = [];
  await writePost(ports, 'p1', 0.5);
});
afterEach(async () => {
  await api?.stop();
  await rm(directory, { recursive: true });
});

describe('a key', () => {
  test('is sent as bearer or as X-Api-Key, and what it may not do is refused with what is needed', async () => {
    await declare([entry('reads'), entry('writes', { name: 'shop', scopes: ['read', 'write'] })]);
    await start({});
    expect(await statuses(ask('/v1/top', bearer('reads')), ask('/v1/top', { 'x-api-key': 'reads' }))).toEqual([
      200, 200,
    ]);
    const refused = await ask('/v1/posts/1', bearer('reads'), 'DELETE');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="write"');
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(Problem.parse(await refused.json()).detail).toBe(
      'Cannot DELETE /v1/posts/1: the key "newsroom" may read, one with the scope "write" is needed',
    );
    // The pipeline has no Feed: the request came through.
    expect((await ask('/v1/posts/1', bearer('writes'), 'DELETE')).status).toBe(404);
    expect((await ask('/v1/interests', bearer('reads'), 'PUT')).status).toBe(403);
  });

  test('that is missing or not known is refused with 401, and is said nowhere', async () => {
    await declare([entry('reads')]);
    await start({});
    const missing = await ask('/v1/top');
    expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="groundswell"']);
    const unknown = await ask('/v1/top', bearer('s3cret-guess'));
    expect(unknown.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await unknown.text()).not.toContain('s3cret-guess');
    expect(logged.join('')).not.toMatch(/s3cret-guess|reads/);
    // Probes, and what the API says of itself, are for everybody.
    expect(await statuses(ask('/healthz'), ask('/readyz'), ask('/openapi.json'))).toEqual([200, 200, 200]);
  });

  test('is not needed for reading where anonymous is Read, and is for writing', async () => {
    await declare([entry('reads')]);
    await start({ anonymous: 'Read' });
    expect(await statuses(ask('/v1/top'), ask('/v1/posts/1', {}, 'DELETE'))).toEqual([200, 401]);
    expect((await ask('/v1/top', bearer('wrong'))).status).toBe(401);
  });

  test('is changed without a restart: both are in force for a while, then the new one alone', async () => {
    await declare([entry('old')]);
    await start({});
    await declare([entry('old'), entry('new')]);
    await look();
    expect(await statuses(ask('/v1/top', bearer('old')), ask('/v1/top', bearer('new')))).toEqual([200, 200]);
    await declare([entry('new')]);
    await look();
    expect(await statuses(ask('/v1/top', bearer('old')), ask('/v1/top', bearer('new')))).toEqual([401, 200]);
  });

  test('stays in force while the list is not right, and the log says what is wrong without quoting it', async () => {
    await declare([entry('old')]);
    await start({});
    for (const wrong of [
      '[{"name": "x", s3cret',
      [{ name: 's', key: 's3cret', sha256: 's3cret', scopes: ['read'] }],
      [],
    ]) {
      await declare(wrong);
      await look();
      await look();
    }
    expect(await statuses(ask('/v1/top', bearer('old')), ask('/v1/top'))).toEqual([200, 401]);
    const told = logged.filter((line) => line.includes('API keys stay as they were'));
    expect(told).toHaveLength(3);
    expect(told[1]).toContain('0.sha256: the SHA-256 of the key as 64 hexadecimal digits is needed');
    expect(told.join('')).not.toContain('s3cret');
  });
});

test('an API whose keys are nowhere, or are none, does not start', async () => {
  await expect(start({})).rejects.toThrow('Cannot read "keys" of Secret "api"');
  await declare([entry('a'), entry('a', { name: 'other' })]);
  await expect(start({})).rejects.toThrow('Cannot read the API keys: one stands there twice, each is needed once');
  await declare([entry('a')]);
  await start({});
});

describe('a caller', () => {
  test('that asks too often is told when to come back, and harms no other', async () => {
    await declare([
      entry('a', { name: 'greedy' }),
      entry('b', { name: 'calm' }),
      entry('c', { name: 'big', perSecond: 10 }),
    ]);
    await start({ perSecond: 2, burst: 3 });
    const allowed = [];
    for (let i = 0; i < 3; i++) allowed.push(await ask('/v1/top', bearer('a')));
    expect(allowed.map(({ headers }) => headers.get('ratelimit'))).toEqual([
      '"caller";r=2;t=1',
      '"caller";r=1;t=1',
      '"caller";r=0;t=2',
    ]);
    const refused = await ask('/v1/top', bearer('a'));
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('ratelimit-policy')).toBe('"caller";q=3;w=2');
    expect(Problem.parse(await refused.json()).detail).toContain('wait 1 s');
    expect(await statuses(ask('/v1/top', bearer('b')), ask('/v1/top'))).toEqual([200, 401]);
    const big = await ask('/v1/top', bearer('c'));
    expect(big.headers.get('ratelimit-policy')).toBe('"caller";q=15;w=2');
    ports.setNow(ports.clock.now() + 500);
    expect(await statuses(ask('/v1/top', bearer('a')))).toEqual([200]);
    expect((await ask('/v1/top', bearer('a'))).status).toBe(429);
  });

  test('without a key is known by its address, behind a proxy by the one that the proxy saw', async () => {
    await declare([entry('a')]);
    await start({ anonymous: 'Read', forwarded: true, perSecond: 1, burst: 1 });
    const from = (list: string) => ask('/v1/top', { 'x-forwarded-for': list });
    expect((await from('203.0.113.1')).status).toBe(200);
    // What stands before the last one the caller made up.
    expect((await from('198.51.100.9, 203.0.113.1')).status).toBe(429);
    expect((await from('203.0.113.2')).status).toBe(200);
  });

  test('may ask more often, send more and come from elsewhere as soon as the resource says so', async () => {
    await declare([entry('a')]);
    await start({ perSecond: 1, burst: 1 });
    expect(await statuses(ask('/v1/top', bearer('a')))).toEqual([200]);
    const access = { ...openAccess, keys, anonymous: 'Read' as const, maxBodyBytes: 10 };
    expect(await api.update(program({ revision: 'r2', access }))).toBe(true);
    expect((await ask('/v1/top')).status).toBe(200);
    const headers = { 'content-type': 'application/json', ...bearer('a') };
    await declare([entry('a', { scopes: ['write'] })]);
    await look();
    const post = await fetch(`${api.url}/v1/posts`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ text: 'long' }),
    });
    expect(post.status).toBe(413);
    // Another Secret has to be mounted first.
    expect(await api.update(program({ access: { ...access, keys: { ...keys, name: 'other' } } }))).toBe(false);
  });
});

describe('a page of another origin', () => {
  const origin = 'https://news.example';

  test('may call where the resource names it, and reads what the headers say', async () => {
    await declare([entry('a')]);
    await start({ origins: [origin] });
    const preflight = await fetch(`${api.url}/v1/top`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
    for (const headers of [{ origin, ...bearer('a') }, { origin }]) {
      const answer = await ask('/v1/top', headers);
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
      expect(answer.headers.get('vary')).toContain('Origin');
    }
  });

  test('may not where it does not', async () => {
    await declare([entry('a')]);
    await start({ origins: [origin] });
    const answer = await ask('/v1/top', { origin: 'https://elsewhere.example', ...bearer('a') });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});
