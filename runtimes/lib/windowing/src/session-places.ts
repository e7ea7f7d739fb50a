import type { Sessions } from './sessions.ts';
import type { SessionShape } from './shape.ts';
import { none } from './slots.ts';

/** Where an event belongs among the sessions of its key. Holds what was found last, so that finding makes no objects. */
export interface SessionPlaces {
  find(slot: number, at: number): void;
  /** The session that the event joins, or none. */
  joined: number;
  /** The one before it that the event joins to it, or none. */
  other: number;
  /** Where it joins none: the session after it, or none. */
  newer: number;
  /** The end of the session with the event in it. */
  end(at: number): number;
  /** The end of a session of one event. */
  endAlone(at: number): number;
  /** The end of a session as it is. */
  endOf(session: number): number;
}

export const createSessionPlaces = (sessions: Sessions, { gapMs, maxMs = Infinity }: SessionShape): SessionPlaces => {
  const { slots } = sessions;
  /** Whether a session and an event, with another session if there is one, are short enough to be one. */
  const fits = (session: number, at: number, another = session): boolean => {
    const first = Math.min(sessions.start[session]!, sessions.start[another]!, at);
    return Math.max(sessions.last[session]!, sessions.last[another]!, at) - first < maxMs;
  };
  const places: SessionPlaces = {
    joined: none,
    other: none,
    newer: none,
    find: (slot, at) => {
      places.joined = none;
      places.other = none;
      places.newer = none;
      for (let session = slots.newest[slot]!; session !== none; session = sessions.older[session]!) {
        if (sessions.last[session]! + gapMs < at) return;
        if (at + gapMs < sessions.start[session]!) places.newer = session;
        else if (places.joined !== none) {
          if (fits(places.joined, at, session)) places.other = session;
          return;
        } else if (fits(session, at)) places.joined = session;
        else if (at < sessions.start[session]!) places.newer = session;
      }
    },
    end: (at) => {
      const { joined, other } = places;
      if (joined === none) return places.endAlone(at);
      const first = Math.min(sessions.start[joined]!, at, other === none ? at : sessions.start[other]!);
      return Math.min(Math.max(sessions.last[joined]!, at) + gapMs, first + maxMs);
    },
    endAlone: (at) => at + Math.min(gapMs, maxMs),
    endOf: (session) => Math.min(sessions.last[session]! + gapMs, sessions.start[session]! + maxMs),
  };
  return places;
};
