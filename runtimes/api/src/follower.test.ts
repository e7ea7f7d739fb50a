import { expect, test, vi } from 'vitest';
import { createFollower } from './follower.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined) => new TextDecoder().decode(value);

const follower = (now = () => 0) => {
  const onGone = vi.fn();
  const made = createFollower({ now, onGone });
  return { ...made, onGone, reader: made.body.getReader() };
};

test('a client that reads gets every frame in order', async () => {
  const { offer, reader } = follower();
  for (const state of ['a', 'b', 'c']) {
    offer('top', bytes(state));
    expect(text((await reader.read()).value)).toBe(state);
  }
});

test('a read that waits gets the next frame', async () => {
  const { offer, reader } = follower();
  const reading = reader.read();
  offer('top', bytes('a'));
  expect(text((await reading).value)).toBe('a');
});

test('a client that does not read gets only the newest state of each subject', async () => {
  const { offer, reader } = follower();
  for (let i = 0; i < 1000; i++) offer('top', bytes(`top ${i}`));
  offer('status', bytes('status'));
  expect(text((await reader.read()).value)).toBe('top 999');
  expect(text((await reader.read()).value)).toBe('status');
});

test('how long a client has not read is known from the first frame that waits', async () => {
  let now = 5;
  const { offer, reader, waitingSince } = follower(() => now);
  expect(waitingSince()).toBeUndefined();
  offer('top', bytes('a'));
  now = 9;
  offer('top', bytes('b'));
  expect(waitingSince()).toBe(5);
  await reader.read();
  expect(waitingSince()).toBeUndefined();
});

test('a client that goes away is reported once, and gets no more frames', async () => {
  const { offer, reader, onGone, waitingSince } = follower();
  const reading = reader.read();
  await reader.cancel();
  expect((await reading).done).toBe(true);
  offer('top', bytes('a'));
  expect(onGone).toHaveBeenCalledTimes(1);
  expect(waitingSince()).toBeUndefined();
});

test('a body that was ended is done for a reader that waits and for one that comes later, and nobody is reported gone', async () => {
  const waiting = follower();
  const reading = waiting.reader.read();
  waiting.end();
  expect((await reading).done).toBe(true);

  const late = follower();
  late.offer('top', bytes('a'));
  late.end();
  expect((await late.reader.read()).done).toBe(true);
  await late.reader.cancel();
  expect(late.onGone).not.toHaveBeenCalled();
});
