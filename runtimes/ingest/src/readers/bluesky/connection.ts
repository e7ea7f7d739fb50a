import type { Health } from '@groundswell/process';
import type { Socket, World } from '../../source-reader.ts';

/** One message, and the instance that sent it. */
export interface Message {
  readonly instance: string;
  readonly text: string;
}

/** Why a connection ended. */
type Disconnect = 'closed' | 'failed' | 'silent' | 'behind' | 'not_text';

export interface Connection {
  /** Messages in the order in which they came, waiting at most `maxWaitMs` for the first. Reconnects where it is time to. */
  receive(maxWaitMs: number): Promise<readonly Message[]>;
  health(): Health;
  disconnects(): Readonly<Record<string, number>>;
  close(): void;
}

export interface ConnectionOptions {
  /** Tried in turn: after each failure the next. */
  readonly instances: readonly string[];
  /** The whole address, with the cursor as of now. */
  readonly urlOf: (instance: string) => string;
  readonly heartbeatTimeoutMs: number;
  readonly backoff: { readonly initialMs: number; readonly maxMs: number };
}

type State =
  | { readonly kind: 'waiting'; readonly until: number; readonly why: string }
  | { readonly kind: 'connected'; readonly socket: Socket; readonly instance: string };

/** A WebSocket cannot be told to slow down. Beyond this it is closed, and opened again from the cursor when there is room. */
const mostQueued = 20_000;
const roomAgain = 2_000;
const mostAtOnce = 5_000;

/**
 * Keeps a connection to one of several instances. It has no timers of its own: whether it was silent for too long or is to be
 * opened again is looked at in `receive`.
 */
export const createConnection = (
  options: ConnectionOptions,
  world: Pick<World, 'clock' | 'sleep' | 'random' | 'openSocket' | 'logger'>,
): Connection => {
  const { instances, urlOf, heartbeatTimeoutMs, backoff } = options;
  const { clock, random, logger } = world;
  const queue: Message[] = [];
  const counts: Partial<Record<Disconnect, number>> = {};
  let state: State = { kind: 'waiting', until: clock.now(), why: 'not connected yet' };
  let turn = 0;
  let failures = 0;
  let heardAt = 0;
  let wake = (): void => undefined;

  const drop = (socket: Socket, reason: Disconnect, why: string): void => {
    if (state.kind !== 'connected' || state.socket !== socket) return;
    const { instance } = state;
    for (const handler of ['onopen', 'onmessage', 'onclose'] as const) socket[handler] = null;
    // Node reports the failure of a connection that is closed while it opens; nobody waits for it any more.
    socket.onerror = () => undefined;
    socket.close();
    counts[reason] = (counts[reason] ?? 0) + 1;
    turn++;
    const waitMs = reason === 'behind' ? 0 : backoffOf(failures++, backoff, random);
    state = { kind: 'waiting', until: clock.now() + waitMs, why: `${instance} ${why}` };
    logger.warn({ instance, reason, why, waitMs: Math.round(waitMs) }, 'disconnected');
    wake();
  };
  const take = (socket: Socket, instance: string, data: unknown): void => {
    if (state.kind !== 'connected' || state.socket !== socket) return;
    if (typeof data !== 'string') {
      drop(socket, 'not_text', 'sent bytes instead of text');
      return;
    }
    heardAt = clock.now();
    failures = 0;
    queue.push({ instance, text: data });
    if (queue.length >= mostQueued) drop(socket, 'behind', 'was faster than we are');
    wake();
  };
  const connect = (): void => {
    const instance = instances[turn % instances.length] as string;
    const socket = world.openSocket(urlOf(instance));
    heardAt = clock.now();
    state = { kind: 'connected', socket, instance };
    socket.onmessage = ({ data }) => take(socket, instance, data);
    socket.onerror = (error) => drop(socket, 'failed', `failed: ${error.message ?? 'no reason given'}`);
    socket.onclose = ({ code, reason }) => drop(socket, 'closed', `closed with code ${code} ${reason}`.trim());
  };
  /** Does what it is time for. @returns ms until it is time again */
  const look = (): number => {
    const now = clock.now();
    if (state.kind === 'connected') {
      const leftMs = heardAt + heartbeatTimeoutMs - now;
      if (leftMs > 0) return leftMs;
      drop(state.socket, 'silent', `sent nothing for ${heartbeatTimeoutMs} ms`);
    }
    if (state.kind === 'waiting' && state.until <= now && queue.length <= roomAgain) connect();
    return state.kind === 'waiting' ? Math.max(0, state.until - now) : heartbeatTimeoutMs;
  };
  const waitForMessage = async (maxMs: number): Promise<void> => {
    const stop = new AbortController();
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    await Promise.race([woken, world.sleep(maxMs, stop.signal)]);
    stop.abort();
  };

  return {
    receive: async (maxWaitMs) => {
      const leftMs = look();
      if (queue.length === 0 && maxWaitMs > 0) await waitForMessage(Math.min(maxWaitMs, Math.max(1, leftMs)));
      return queue.splice(0, mostAtOnce);
    },
    health: () => {
      if (state.kind === 'connected' && failures === 0) return { kind: 'ready' };
      const why = state.kind === 'waiting' ? state.why : `${state.instance} has not sent anything yet`;
      return { kind: 'waiting', reason: 'Disconnected', message: `Cannot follow Jetstream at the moment: ${why}` };
    },
    disconnects: () => counts,
    close: () => {
      if (state.kind !== 'connected') return;
      const { socket } = state;
      state = { kind: 'waiting', until: Number.POSITIVE_INFINITY, why: 'stopped' };
      for (const handler of ['onopen', 'onmessage', 'onclose'] as const) socket[handler] = null;
      socket.onerror = () => undefined;
      socket.close();
    },
  };
};

/** Doubles from the initial wait to the largest; the upper half of it by chance, so that many clients do not come at once. */
const backoffOf = (
  failures: number,
  { initialMs, maxMs }: ConnectionOptions['backoff'],
  random: () => number,
): number => Math.min(maxMs, initialMs * 2 ** Math.min(failures, 30)) * (0.5 + random() / 2);
