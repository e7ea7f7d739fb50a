import type { Health } from '@groundswell/process';
import type { World } from '../source-reader.ts';
import { classOf, type EndingClass, needsPerson, type Wait } from './backoff.ts';
import { type Bell, createBell } from './bell.ts';
import type { Ending, Handlers, Stream, Target } from './stream.ts';

/** One message, and who sent it. */
export interface Message {
  readonly instance: string;
  readonly text: string;
}

export interface Connection {
  /** Does what it is time for: gives up a silent stream, connects again. @returns ms until it is time again */
  look(): number;
  take(): readonly Message[];
  /** Messages in the order in which they came, waiting at most `maxWaitMs` for the first. Reconnects where it is time to. */
  receive(maxWaitMs: number): Promise<readonly Message[]>;
  health(): Health;
  /** How often streams ended, by reason. */
  disconnects(): Readonly<Record<string, number>>;
  close(): void;
}

export interface ConnectionOptions {
  /** What is followed, for people: `Jetstream`. */
  readonly what: string;
  /** Tried in turn: after each failure the next. */
  readonly targets: readonly Target[];
  readonly heartbeatTimeoutMs: number;
  readonly wait: Wait;
  /** Rung when something came. */
  readonly bell?: Bell;
  /** Whether to connect at all, at the moment. */
  readonly mayConnect?: () => boolean;
  /** Told when the stream of an instance ended. */
  readonly onEnd?: (ending: Ending) => void;
}

type State =
  | { readonly kind: 'waiting'; readonly until: number; readonly ending: Ending; readonly instance: string }
  | { readonly kind: 'connected'; readonly instance: string; readonly stream: { close(): void }; readonly id: number };

/** A stream that cannot be slowed down is closed beyond this, and opened again from the cursor when there is room. */
const mostQueued = 20_000;
const roomAgain = 2_000;
const mostAtOnce = 5_000;

const notYet: Ending = { reason: 'new', why: 'is not connected yet' };

/**
 * Keeps a stream from one of several places. It has no timers of its own: whether it was silent for too long or is to be
 * opened again is looked at in `look`.
 */
export const createConnection = (
  options: ConnectionOptions,
  world: Pick<World, 'clock' | 'sleep' | 'logger'>,
): Connection => {
  const { targets, heartbeatTimeoutMs, bell = createBell(world) } = options;
  const { clock, logger } = world;
  const queue: Message[] = [];
  const counts: Record<string, number> = {};
  const firstName = targets[0]?.name ?? '';
  let state: State = { kind: 'waiting', until: clock.now(), ending: notYet, instance: firstName };
  let opened = 0;
  let turn = 0;
  let failures: { all: number; same: number; last: EndingClass } = { all: 0, same: 0, last: 'network' };
  let heardAt = 0;
  /** Whether the stream that is open has shown life. */
  let isAlive = false;
  let roomWanted: (() => void)[] = [];

  const drop = (id: number, ending: Ending): void => {
    if (state.kind !== 'connected' || state.id !== id) return;
    const { instance, stream } = state;
    const { reason, why } = ending;
    counts[reason] = (counts[reason] ?? 0) + 1;
    turn++;
    const last = classOf(ending);
    const same = last === failures.last ? failures.same : 0;
    const backoffMs = reason === 'behind' ? 0 : options.wait(ending, { all: failures.all, same });
    failures = { all: failures.all + 1, same: same + 1, last };
    const { retryAt = 0, retryAfterMs = 0 } = ending;
    const until = Math.max(clock.now() + Math.max(backoffMs, retryAfterMs), retryAt);
    state = { kind: 'waiting', until, ending, instance };
    stream.close();
    logger.warn({ instance, reason, why, waitMs: Math.round(until - clock.now()) }, 'disconnected');
    options.onEnd?.(ending);
    bell.ring();
  };
  const isCurrent = (id: number): boolean => state.kind === 'connected' && state.id === id;
  const handlersOf = (id: number, instance: string): Handlers => ({
    message: (text) => {
      if (!isCurrent(id)) return;
      heardAt = clock.now();
      isAlive = true;
      failures = { all: 0, same: 0, last: 'network' };
      queue.push({ instance, text });
      if (queue.length >= mostQueued) drop(id, { reason: 'behind', why: 'was faster than we are' });
      bell.ring();
    },
    alive: () => {
      if (!isCurrent(id)) return;
      heardAt = clock.now();
      isAlive = true;
    },
    ended: (ending) => drop(id, ending),
    room: () =>
      queue.length <= roomAgain ? Promise.resolve() : new Promise<void>((resolve) => roomWanted.push(resolve)),
  });
  const connect = (): void => {
    const target = targets[turn % targets.length] as Target;
    const id = ++opened;
    isAlive = false;
    heardAt = clock.now();
    let stream: Stream | undefined;
    state = { kind: 'connected', instance: target.name, id, stream: { close: () => stream?.close() } };
    stream = target.open(handlersOf(id, target.name));
  };
  const look = (): number => {
    const now = clock.now();
    if (state.kind === 'connected') {
      // Not silent, but held back by us.
      if (queue.length > roomAgain) heardAt = now;
      const leftMs = heardAt + heartbeatTimeoutMs - now;
      if (leftMs > 0) return leftMs;
      drop(state.id, { reason: 'silent', why: `sent nothing for ${heartbeatTimeoutMs} ms` });
    }
    const isTime = state.kind === 'waiting' && state.until <= now && queue.length <= roomAgain;
    if (isTime && options.mayConnect?.() !== false) connect();
    return state.kind === 'waiting' ? Math.max(0, state.until - now) : heartbeatTimeoutMs;
  };
  const take = (): readonly Message[] => {
    const messages = queue.splice(0, mostAtOnce);
    if (queue.length > roomAgain) return messages;
    const resolves = roomWanted;
    roomWanted = [];
    for (const resolve of resolves) resolve();
    return messages;
  };

  return {
    look,
    take,
    receive: async (maxWaitMs) => {
      const leftMs = look();
      if (queue.length === 0 && maxWaitMs > 0) await bell.wait(Math.min(maxWaitMs, Math.max(1, leftMs)));
      return take();
    },
    health: () => {
      if (state.kind === 'connected' && (isAlive || failures.all === 0)) return { kind: 'ready' };
      const ending = state.kind === 'waiting' ? state.ending : { reason: 'new', why: 'has not sent anything yet' };
      const isRefused = needsPerson(ending);
      const message = `Cannot follow ${options.what} at the moment: ${state.instance} ${ending.why}`;
      return { kind: isRefused ? 'stalled' : 'waiting', reason: isRefused ? 'Refused' : 'Disconnected', message };
    },
    disconnects: () => counts,
    close: () => {
      const last = state;
      state = { kind: 'waiting', until: Number.POSITIVE_INFINITY, ending: notYet, instance: state.instance };
      if (last.kind === 'connected') last.stream.close();
    },
  };
};

/** What came over any of several connections that share a bell. */
export const receiveFrom = async (
  connections: readonly Connection[],
  bell: Bell,
  maxWaitMs: number,
): Promise<readonly Message[]> => {
  const leftMs = Math.min(...connections.map((connection) => connection.look()));
  const taken = connections.flatMap((connection) => connection.take());
  if (taken.length > 0 || maxWaitMs <= 0) return taken;
  await bell.wait(Math.min(maxWaitMs, Math.max(1, leftMs)));
  return connections.flatMap((connection) => connection.take());
};

/** The worst of several. */
export const worstOf = (healths: readonly Health[]): Health =>
  healths.find(({ kind }) => kind === 'stalled') ?? healths.find(({ kind }) => kind === 'waiting') ?? { kind: 'ready' };

export const sumOf = (counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> => {
  const total: Record<string, number> = {};
  for (const count of counts) for (const [name, n] of Object.entries(count)) total[name] = (total[name] ?? 0) + n;
  return total;
};
