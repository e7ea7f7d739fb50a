import { createLogger } from '@groundswell/process';
import { describe, expect, test } from 'vitest';
import type { Socket } from '../../source-reader.ts';
import { type HandClock, handClock } from '../../test/support.ts';
import { type ConnectionOptions, createConnection } from './connection.ts';

/** A socket in the hand of the test. */
interface HandSocket extends Socket {
  readonly url: string;
  isClosed: boolean;
}

const worldOf = (clock: HandClock, random = 1) => {
  const opened: HandSocket[] = [];
  return {
    opened,
    clock,
    logger: createLogger('test', 'silent'),
    sleep: clock.sleep,
    random: () => random,
    openSocket: (url: string): Socket => {
      const socket: HandSocket = {
        url,
        isClosed: false,
        binaryType: 'blob',
        onopen: null,
        onmessage: null,
        onerror: null,
        onclose: null,
        close: () => {
          socket.isClosed = true;
        },
      };
      opened.push(socket);
      return socket;
    },
  };
};
const options = (changes: Partial<ConnectionOptions> = {}): ConnectionOptions => ({
  instances: ['wss://x/a', 'wss://x/b', 'wss://x/c'],
  urlOf: (instance) => new URL(instance),
  heartbeatTimeoutMs: 20_000,
  backoff: { initialMs: 100, maxMs: 1000 },
  ...changes,
});
const last = <T>(list: readonly T[]): T => list.at(-1) as T;

describe('a connection', () => {
  test('tries the instances in turn, waiting twice as long each time up to the limit', async () => {
    const clock = handClock(0);
    const world = worldOf(clock);
    const connection = createConnection(options(), world);
    const tries: (readonly [number, string])[] = [];
    while (tries.length < 7) {
      await connection.receive(1);
      if (world.opened.length === tries.length) continue;
      tries.push([clock.now(), last(world.opened).url]);
      last(world.opened).onclose?.({ code: 1006, reason: '' });
    }
    const gaps = tries.slice(1).map(([at], i) => at - (tries[i]?.[0] ?? 0));
    expect(gaps.map((gap) => Math.round(gap / 10) * 10)).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect(tries.map(([, url]) => url.at(-1)).join('')).toBe('abcabca');
    expect(connection.disconnects()).toEqual({ closed: 7 });
    expect(connection.health()).toEqual({
      kind: 'waiting',
      reason: 'Disconnected',
      message: 'Cannot follow Jetstream at the moment: wss://x/a closed with code 1006',
    });
  });

  test('waits only half as long at the least, by chance', async () => {
    const clock = handClock(0);
    const world = worldOf(clock, 0);
    const connection = createConnection(options(), world);
    await connection.receive(0);
    last(world.opened).onerror?.({ message: 'refused' });
    clock.set(49);
    await connection.receive(0);
    expect(world.opened.length).toBe(1);
    clock.set(50);
    await connection.receive(0);
    expect(world.opened.length).toBe(2);
  });

  test('begins again with the shortest wait once a message came', async () => {
    const clock = handClock(0);
    const world = worldOf(clock);
    const connection = createConnection(options(), world);
    for (let failures = 0; failures < 5; failures++) {
      clock.set(clock.now() + 2000);
      await connection.receive(0);
      last(world.opened).onclose?.({ code: 1006, reason: '' });
    }
    clock.set(clock.now() + 2000);
    await connection.receive(0);
    last(world.opened).onmessage?.({ data: 'hello' });
    expect(connection.health()).toEqual({ kind: 'ready' });
    last(world.opened).onclose?.({ code: 1001, reason: 'bye' });
    expect(await connection.receive(0)).toEqual([{ instance: 'wss://x/c', text: 'hello' }]);
    clock.set(clock.now() + 100);
    await connection.receive(0);
    expect(world.opened.length).toBe(7);
  });

  test('counts silence as death, and messages as life', async () => {
    const clock = handClock(0);
    const world = worldOf(clock);
    const connection = createConnection(options(), world);
    await connection.receive(0);
    clock.set(19_000);
    last(world.opened).onmessage?.({ data: 'x' });
    clock.set(38_999);
    await connection.receive(0);
    expect(world.opened[0]?.isClosed).toBe(false);
    clock.set(39_000);
    await connection.receive(0);
    expect(world.opened[0]?.isClosed).toBe(true);
    expect(connection.disconnects()).toEqual({ silent: 1 });
  });

  test('takes nothing from a socket that it gave up', async () => {
    const clock = handClock(0);
    const world = worldOf(clock);
    const connection = createConnection(options(), world);
    await connection.receive(0);
    const [socket] = world.opened;
    const { onmessage } = socket as Socket;
    onmessage?.({ data: new ArrayBuffer(2) });
    expect(connection.disconnects()).toEqual({ not_text: 1 });
    onmessage?.({ data: 'late' });
    socket?.onmessage?.({ data: 'late' });
    expect(await connection.receive(0)).toEqual([]);
  });

  test('lets go when it is far behind, and comes back when it has caught up', async () => {
    const clock = handClock(0);
    const world = worldOf(clock);
    const connection = createConnection(options(), world);
    await connection.receive(0);
    const [socket] = world.opened;
    for (let i = 0; i < 25_000; i++) socket?.onmessage?.({ data: String(i) });
    expect(connection.disconnects()).toEqual({ behind: 1 });
    let received = 0;
    while (world.opened.length === 1) {
      const messages = await connection.receive(0);
      expect(messages.map(({ text }) => Number(text))).toEqual(messages.map((_, i) => received + i));
      received += messages.length;
    }
    expect(received).toBe(20_000);
  });
});
