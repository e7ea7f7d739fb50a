import { expect, test } from 'vitest';
import { createOutbox, createShelf, type Message } from './index.ts';
import { delayOf } from './outbox.ts';

const message = (id: string): Message => ({
  ...{ id, rule: 'hot', severity: 'Info', kind: 'alerts', at: 0, title: id, text: '', alerts: [], more: 0 },
});
const nobody: ReadonlySet<string> = new Set();

test('a channel gets one message at a time, in order; others do not wait for it', () => {
  const outbox = createOutbox(createShelf({}));
  outbox.put(message('one'), ['a', 'b'], 0);
  outbox.put(message('two'), ['a'], 0);
  const taken = outbox.take(0, nobody);
  expect(taken.map(({ channel, message: { id } }) => `${channel} ${id}`)).toEqual(['a one', 'b one']);
  expect(outbox.take(0, new Set(['a', 'b']))).toEqual([]);
});

test('what fails is tried again, later and later, and given up after an hour', () => {
  const outbox = createOutbox(createShelf({}));
  outbox.put(message('one'), ['a'], 0);
  const tries: number[] = [];
  for (let now = 0; now < 7_200_000; now += 1_000) {
    const [parcel] = outbox.take(now, nobody);
    if (parcel === undefined) continue;
    tries.push(now / 1_000);
    const result = outbox.answered(parcel, { kind: 'failed', problem: 'answered 503' }, now);
    if (result.kind === 'given-up') break;
  }
  expect(tries.slice(0, 6)).toEqual([0, 1, 3, 7, 15, 31]);
  expect(tries.at(-1)).toBeGreaterThan(3_000);
  expect(outbox.parcels()).toEqual([]);
});

test.each([
  { attempts: 1, retryAfterMs: 0, delay: 1_000 },
  { attempts: 3, retryAfterMs: 0, delay: 4_000 },
  { attempts: 1, retryAfterMs: 30_000, delay: 30_000 },
  { attempts: 40, retryAfterMs: 0, delay: 300_000 },
  { attempts: 1, retryAfterMs: 86_400_000, delay: 300_000 },
])(
  'after $attempts tries and "retry after" $retryAfterMs ms it waits $delay ms',
  ({ attempts, retryAfterMs, delay }) => {
    expect(delayOf(attempts, retryAfterMs)).toBe(delay);
  },
);

test('what is refused is given up at once', () => {
  const outbox = createOutbox(createShelf({}));
  outbox.put(message('one'), ['a'], 0);
  const [parcel] = outbox.take(0, nobody);
  expect(parcel && outbox.answered(parcel, { kind: 'refused', problem: 'answered 404' }, 0)).toMatchObject({
    kind: 'given-up',
  });
  expect(outbox.parcels()).toEqual([]);
});
