import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ProblemError, problemResponse, readBody, serveFetch } from './index.ts';

const address = { host: '127.0.0.1', port: 0 };

/** Says how many bytes came, at most ten. */
const counting = async (request: Request): Promise<Response> => {
  try {
    const bytes = await readBody(
      request,
      10,
      () => new ProblemError(413, 'Cannot count: too long', { 'x-limit': '10' }),
    );
    return new Response(String(bytes.length));
  } catch (error) {
    return problemResponse(error as ProblemError);
  }
};

const serving = async (fetch: Parameters<typeof serveFetch>[0]) => {
  const served = await serveFetch(fetch, address);
  onTestFinished(served.close);
  return served;
};

test('a body is taken up to its limit, and what is longer is a problem with a title', async () => {
  const { url } = await serving(counting);
  const post = (body: string | ReadableStream) => fetch(url, { method: 'POST', body, duplex: 'half' } as RequestInit);
  expect(await (await post('ten bytes!')).text()).toBe('10');
  expect(await (await fetch(url)).text()).toBe('0');
  // Of a stream nobody knows the length before.
  const stream = new ReadableStream({
    start: (to) => {
      for (const part of ['ten bytes!', 'more']) to.enqueue(new TextEncoder().encode(part));
      to.close();
    },
  });
  for (const body of ['eleven bytes', stream]) {
    const refused = await post(body);
    expect(refused.status).toBe(413);
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-limit': '10',
    });
    expect(await refused.json()).toEqual({
      type: 'about:blank',
      title: 'Content Too Large',
      status: 413,
      detail: 'Cannot count: too long',
    });
  }
});

test('an address that is taken is said, with what helps', async () => {
  const { url } = await serving(counting);
  const taken = { host: '127.0.0.1', port: Number(new URL(url).port) };
  await expect(serveFetch(counting, taken)).rejects.toThrow(
    `Cannot listen on 127.0.0.1:${taken.port}: the port is in use, a free address is needed`,
  );
  await expect(serveFetch(counting, taken, 'pass --port')).rejects.toThrow('the port is in use, pass --port');
});

test('a server that closes answers what is under way, and cuts who only holds a connection', async () => {
  let arrived = () => {};
  let answer = (_: Response) => {};
  const under = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { url, close } = await serveFetch(() => {
    arrived();
    return new Promise<Response>((resolve) => {
      answer = resolve;
    });
  }, address);
  const idle = connect(Number(new URL(url).port), '127.0.0.1');
  await once(idle, 'connect');
  const asked = fetch(url);
  await under;
  const closed = close();
  answer(new Response('late, but here'));
  expect(await (await asked).text()).toBe('late, but here');
  await closed;
  idle.destroy();
  await expect(fetch(url)).rejects.toThrow();
});
