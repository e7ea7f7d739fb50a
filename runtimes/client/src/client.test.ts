import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { schemaText } from '../generate/schema.ts';
import { createGroundswell } from './client.ts';

const read = (...path: readonly string[]): string => readFileSync(join(import.meta.dirname, ...path), 'utf8');

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

test('its types are those of the OpenAPI document: npm run generate keeps them so', () => {
  expect(read('schema.ts')).toBe(schemaText(JSON.parse(read('..', '..', '..', 'docs', 'api', 'openapi.json'))));
});

test('a request carries the key, and what comes back is typed: data, or a problem', async () => {
  const url = await serve(({ url: path, headers }, response) => {
    const isKnown = headers.authorization === 'Bearer s3cret';
    const body = isKnown ? { model: 'm', at: null, posts: [], next_cursor: path } : { detail: 'no key' };
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const { data } = await createGroundswell({ url: `${url}/`, key: 's3cret' }).GET('/v1/top', {
    params: { query: { limit: 3 } },
  });
  const cursor: string | null | undefined = data?.next_cursor;
  expect(cursor).toBe('/v1/top?limit=3');
  const refused = await createGroundswell({ url }).GET('/v1/models/{model}', { params: { path: { model: 'a/b' } } });
  expect(refused.error?.detail).toBe('no key');
  // @ts-expect-error: no such route
  await createGroundswell({ url }).GET('/v1/tops');
});

test('the stream is followed over connections that end, from the state that was seen last', async () => {
  const seen: (string | undefined)[] = [];
  const url = await serve(({ headers, url: path }, response) => {
    seen.push(headers['last-event-id'] as string | undefined);
    expect(path).toBe('/v1/stream?events=top%2Cstatus');
    if (seen.length === 2) return void response.writeHead(503).end();
    const n = seen.length;
    response.writeHead(200).end(`retry: 1000\n\n:\n\nevent: top\nid: top-${n}\ndata: {"model":"${n}"}\n\n`);
  });
  const stop = new AbortController();
  const models: string[] = [];
  for await (const heard of createGroundswell({ url }).follow({ events: ['top', 'status'], signal: stop.signal })) {
    if (heard.event === 'top') models.push(heard.data.model);
    if (models.length === 2) stop.abort();
  }
  expect(models).toEqual(['1', '3']);
  expect(seen).toEqual([undefined, 'top-1', 'top-1']);
});

test('what the API calls wrong is not tried again', async () => {
  const url = await serve((_, response) => response.writeHead(404).end(JSON.stringify({ detail: 'no such model' })));
  await expect(createGroundswell({ url }).follow({ model: 'x' }).next()).rejects.toThrow('no such model');
});
