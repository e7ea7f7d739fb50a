import type { Values } from './aggregation.ts';
import type { SessionPlaces } from './session-places.ts';
import type { Sessions } from './sessions.ts';
import { createTimers } from './timers.ts';
import type { Upsert } from './upsert.ts';

/** Says what is to be published of sessions: when they are over, and when what was published is no longer so. */
export interface SessionTelling {
  /** A session is new or has changed. */
  change(session: number): void;
  /** A session is about to become part of another one: what was published of it is taken back. */
  takeBack(session: number): void;
  /** Publishes what changed and the sessions that are over, until there are `limit` upserts; forgets those that take no more events. */
  settle(options: { readonly watermark: number; readonly limit: number }): void;
  take(): readonly Upsert[];
  pending(): boolean;
  /** Goes on with a session that was restored. */
  resume(session: number): void;
  /** All that were published are to be published again. */
  republish(): void;
}

export interface TellingParts {
  readonly sessions: Sessions;
  readonly places: SessionPlaces;
  readonly allowedLatenessMs: number;
}

export const createSessionTelling = ({ sessions, places, allowedLatenessMs }: TellingParts): SessionTelling => {
  const { slots } = sessions;
  const timers = createTimers();
  let outbox: Upsert[] = [];
  /** Sessions that changed after they were published. */
  let changed: number[] = [];

  const publish = (session: number, end: number, values: Values | undefined): void => {
    const slot = sessions.slot[session]!;
    const newest = end >= slots.publishedTick[slot]!;
    const key = slots.key(slot)!;
    outbox.push({ slot, key, start: sessions.start[session]!, end, values: values ?? null, newest });
    if (newest) slots.publishedTick[slot] = end;
    slots.note(slot);
  };
  const tell = (session: number): void => {
    const end = places.endOf(session);
    sessions.told[session] = end;
    sessions.changed[session] = 0;
    publish(session, end, sessions.read(session));
  };
  const isTold = (session: number): boolean => !Number.isNaN(sessions.told[session]!);
  const takeBack = (session: number): void => {
    if (isTold(session)) publish(session, sessions.told[session]!, undefined);
    sessions.told[session] = Number.NaN;
    sessions.changed[session] = 0;
  };
  /** When there is something to do with the session: its end is reached, or it takes no more events. */
  const dueOf = (session: number): number => places.endOf(session) - 1 + (isTold(session) ? allowedLatenessMs : 0);
  /** A session that is due later than it was is looked at too early, and then put off: most of them get longer all the time. */
  const expect = (session: number): void => {
    const due = dueOf(session);
    if (due >= sessions.due[session]!) return;
    sessions.due[session] = due;
    timers.add(due, session);
  };
  const noteChange = (session: number): void => {
    if (sessions.changed[session] === 1) return;
    sessions.changed[session] = 1;
    slots.note(sessions.slot[session]!);
    changed.push(session);
  };
  const tellChanged = (): void => {
    const now = changed;
    changed = [];
    for (const session of now)
      if (sessions.changed[session] === 1 && !Number.isNaN(sessions.due[session]!)) tell(session);
  };
  /** Does what is due with a session at this watermark. */
  const reach = (session: number, watermark: number): void => {
    sessions.due[session] = Infinity;
    if (dueOf(session) <= watermark && !isTold(session)) tell(session);
    slots.note(sessions.slot[session]!);
    if (dueOf(session) <= watermark) sessions.drop(session, sessions.newerOf(session));
    else expect(session);
  };
  return {
    change: (session) => {
      slots.note(sessions.slot[session]!);
      if (!isTold(session)) expect(session);
      else if (sessions.told[session] === places.endOf(session)) noteChange(session);
      else {
        takeBack(session);
        expect(session);
      }
    },
    takeBack,
    settle: ({ watermark, limit }) => {
      tellChanged();
      while (timers.next() <= watermark && outbox.length < limit) {
        const due = timers.next();
        const session = timers.take();
        if (sessions.due[session] === due) reach(session, watermark);
      }
    },
    take: () => {
      const taken = outbox;
      outbox = [];
      return taken;
    },
    pending: () => outbox.length > 0,
    resume: (session) => {
      expect(session);
      if (sessions.changed[session] === 1) changed.push(session);
    },
    republish: () => {
      sessions.forEach((session) => {
        if (isTold(session)) noteChange(session);
      });
    },
  };
};
