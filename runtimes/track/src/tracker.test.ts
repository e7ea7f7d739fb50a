import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createTracker, type TrackerOptions } from './index.ts';

interface Sent {
  readonly id: string;
  readonly post_id: string;
}

/** A source that answers with these, one after another, and then takes everything. `0` cuts the connection. */
const startSource = async (...answers: readonly number[]) => {
  const left = [...answers];
  const requests: { readonly events: readonly Sent[]; readonly key: string | undefined }[] = [];
  const taken = new Set<string>();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const events = JSON.parse(body) as readonly Sent[];
    requests.push({ events, key: request.headers.authorization });
    const status = left.shift() ?? 200;
    // As bad as it gets: what was taken, and the answer lost.
    if (status === 200 || status === 0) for (const { id } of events) taken.add(id);
    if (status === 0) response.destroy();
    else response.writeHead(status).end('{"detail":"no"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { requests, taken, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/events` };
};
const trackerOf = (options: TrackerOptions) => {
  const tracker = createTracker({ flushEveryMs: 5, retryMs: 5, ...options });
  onTestFinished(() => tracker.close());
  return tracker;
};

test('actions are sent in batches, with the key', async () => {
  const { url, requests } = await startSource();
  const tracker = trackerOf({ url, key: 'k', maxBatch: 4, flushEveryMs: 60_000 });
  for (let n = 0; n < 10; n++) tracker.track('ann', `shoes-${n}`, 'click', { author_id: 'shop' });
  await tracker.flush();
  expect(requests.map(({ events }) => events.length)).toEqual([4, 4, 2]);
  expect(requests[0]?.key).toBe('Bearer k');
  expect(requests[0]?.events[0]).toEqual({
    id: expect.any(String),
    ...{ type: 'click', post_id: 'shoes-0', user_id: 'ann', author_id: 'shop', at: expect.any(Number) },
  });
});

test('they are sent by themselves, and again after a cut connection, 429 and 503, each under its own id', async () => {
  const { url, taken, requests } = await startSource(0, 503, 429);
  const tracker = trackerOf({ url });
  for (const n of [1, 2, 3]) tracker.track('ann', `shoes-${n}`, 'view');
  await expect.poll(() => requests.length).toBe(4);
  expect(taken.size).toBe(3);
});

test('a refused batch is given up with its reason, and the next one goes on', async () => {
  const { url, taken } = await startSource(401);
  const lost: string[] = [];
  const tracker = trackerOf({ url, onLost: (events, why) => lost.push(`${events.length} ${why}`) });
  tracker.track('ann', 'a', 'view');
  await tracker.flush();
  tracker.track('ann', 'b', 'view');
  await tracker.flush();
  expect(lost).toEqual(['1 401 {"detail":"no"}']);
  expect(taken.size).toBe(1);
});

test('no more wait than there is room for, and the oldest go first', async () => {
  const lost: unknown[] = [];
  const tracker = trackerOf({
    ...{ url: 'http://127.0.0.1:9', maxQueue: 3, maxBatch: 100, flushEveryMs: 60_000 },
    onLost: (events) => lost.push(...events.map(({ post_id }) => post_id)),
  });
  for (const n of [1, 2, 3, 4, 5]) tracker.track('ann', String(n), 'view');
  expect(lost).toEqual(['1', '2']);
});

test('when the page goes, what waits is handed to the browser as beacons that it can take', () => {
  const beacons: { readonly api_key: string; readonly events: readonly Sent[] }[] = [];
  const listeners = new Map<string, () => void>();
  vi.stubGlobal('navigator', {
    sendBeacon: (_: string, body: string) => {
      expect(body.length).toBeLessThan(64_000);
      beacons.push(JSON.parse(body));
      return true;
    },
  });
  vi.stubGlobal('addEventListener', (name: string, listener: () => void) => listeners.set(name, listener));
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  const tracker = trackerOf({ url: 'http://127.0.0.1:9', key: 'k', flushEveryMs: 60_000, maxBatch: 10_000 });
  for (let n = 0; n < 500; n++) tracker.track('ann', `shoes-${n}`, 'view', { text: 'x'.repeat(100) });
  listeners.get('pagehide')?.();
  expect(beacons.length).toBeGreaterThan(1);
  expect(beacons.flatMap(({ events }) => events.map(({ post_id }) => post_id))).toEqual(
    Array.from({ length: 500 }, (_, n) => `shoes-${n}`),
  );
  expect(beacons[0]?.api_key).toBe('k');
});
