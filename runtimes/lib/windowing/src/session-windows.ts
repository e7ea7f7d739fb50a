import type { KeyReader } from './key-reader.ts';
import { createMeasures } from './measures.ts';
import type { Mechanism } from './mechanism.ts';
import { oldestKeys } from './oldest-keys.ts';
import { createSessionPlaces } from './session-places.ts';
import { restoreSessions, writeSessions } from './session-snapshot.ts';
import { createSessionTelling } from './session-telling.ts';
import { createSessions } from './sessions.ts';
import { checkedSession, type SessionShape } from './shape.ts';
import { none } from './slots.ts';
import { createTimers } from './timers.ts';
import type { WindowerOptions } from './windower.ts';

/**
 * Windows that last while events of a key keep coming: from its first event to `gapMs` after its last. An event that
 * touches two sessions makes one of them.
 *
 * With `maxMs` events are taken in the order of time, once the watermark is there, and what comes `maxMs` after the start
 * of a session begins the next one.
 */
export const createSessionWindows = <E>(options: WindowerOptions<E>, given: SessionShape): Mechanism<E> => {
  const { timeOf, allowedLatenessMs } = options;
  const shape = checkedSession(given);
  const inOrder = shape.maxMs !== undefined;
  const measures = createMeasures(options.aggregations);
  const { columns } = measures;
  const sessions = createSessions(measures);
  const { slots, rows } = sessions;
  const places = createSessionPlaces(sessions, shape);
  const telling = createSessionTelling({ sessions, places, allowedLatenessMs });
  /** Rows of one event each, which the watermark has not reached. */
  const waiting = createTimers();
  let watermark = -Infinity;

  const isClosed = (end: number): boolean => end - 1 + allowedLatenessMs <= watermark;
  const isOver = (session: number): boolean => session !== none && isClosed(places.endOf(session));
  const wasOver = (session: number, at: number): boolean => session !== none && places.endOf(session) <= at;

  /** The session that an event at this time goes to, found before: its times are then those with the event. */
  const sessionFor = (slot: number, at: number): number => {
    const { joined, other, newer } = places;
    if (joined === none) {
      const session = sessions.open(slot, newer);
      sessions.start[session] = at;
      sessions.last[session] = at;
      return session;
    }
    if (other !== none) {
      telling.takeBack(other);
      sessions.merge(joined, other);
    }
    if (at < sessions.start[joined]!) sessions.start[joined] = at;
    if (at > sessions.last[joined]!) sessions.last[joined] = at;
    return joined;
  };
  /** Puts in what the watermark has reached. */
  const release = (): void => {
    while (waiting.next() <= watermark) {
      const at = waiting.next();
      const row = waiting.take();
      const slot = sessions.slot[row]!;
      slots.content[slot]!--;
      places.find(slot, at);
      // What was over before does not depend on whether it was told already.
      if (wasOver(places.joined, at)) places.joined = none;
      if (wasOver(places.other, at)) places.other = none;
      const session = sessionFor(slot, at);
      for (const column of columns) column.enter(session, row);
      rows.give(row);
      telling.change(session);
    }
  };
  const settle = (limit: number): void => {
    release();
    telling.settle({ watermark, limit });
  };
  const wait = (slot: number, event: E, at: number): void => {
    const row = rows.take();
    sessions.slot[row] = slot;
    slots.content[slot]!++;
    for (const column of columns) column.add(row, event, at);
    waiting.add(at, row);
  };
  /** Sessions that events are taken into in order are totals of rows of one event each. */
  const enterAlone = (session: number, event: E, at: number): void => {
    const row = rows.take();
    for (const column of columns) column.add(row, event, at);
    for (const column of columns) column.enter(session, row);
    rows.give(row);
  };
  const lateFor = (slot: number | undefined, at: number): boolean => {
    if (slot === undefined) return isClosed(places.endAlone(at));
    places.find(slot, at);
    return isClosed(places.end(at));
  };
  /** The slot of a key, found in a state in which what is over does not grow any more. */
  const settledSlot = (id: string, at: number): number | undefined => {
    const slot = slots.find(id);
    if (slot === undefined) return undefined;
    places.find(slot, at);
    const isDue = inOrder && waiting.next() <= watermark;
    if (!isDue && !isOver(places.joined) && !isOver(places.other)) return slot;
    settle(Infinity);
    return slots.find(id);
  };
  /** Answers whether it was in time for its session under the i-th key. */
  const takeOne = (keys: KeyReader<E>, i: number, event: E): boolean => {
    const at = timeOf(event);
    const id = keys.id(i);
    if (inOrder && at > watermark) {
      wait(slots.find(id) ?? slots.open(id, keys.parts(i)), event, at);
      return true;
    }
    const known = settledSlot(id, at);
    if (lateFor(known, at)) return false;
    const slot = known ?? slots.open(id, keys.parts(i));
    if (known === undefined) places.find(slot, at);
    const session = sessionFor(slot, at);
    if (inOrder) enterAlone(session, event, at);
    else for (const column of columns) column.add(session, event, at);
    telling.change(session);
    return true;
  };
  return {
    signature: JSON.stringify(['sessions/1', shape, measures.signature]),
    take: (event, keys, count) => {
      let taken = false;
      for (let i = 0; i < count; i++) taken = takeOne(keys, i, event) || taken;
      return taken ? 'aggregated' : 'late';
    },
    reach: (to) => {
      watermark = to;
    },
    fire: (limit) => {
      settle(limit);
      return telling.take();
    },
    heads: () => [],
    reweigh: (aggregation, weights) => {
      measures.reweigh(aggregation, weights);
      telling.republish();
    },
    redefine: (aggregation, derive) => {
      measures.redefine(aggregation, derive);
      telling.republish();
    },
    republish: telling.republish,
    pending: telling.pending,
    size: () => ({ keys: slots.live(), rows: rows.live(), bytes: sessions.bytes(), used: sessions.used() }),
    evict: (count) => {
      // An open session goes untold, and what was told of others stays: it is final.
      const gone = oldestKeys(slots, count, (slot) =>
        slots.content[slot] === 0 ? sessions.last[slots.newest[slot]!] : undefined,
      );
      for (const slot of gone) sessions.dropKey(slot);
      return { keys: gone.length, upserts: [] };
    },
    write: (to, scope) => writeSessions(to, { columns, sessions, waiting }, scope),
    restore: () => restoreSessions({ columns, sessions, waiting, telling }),
  };
};
