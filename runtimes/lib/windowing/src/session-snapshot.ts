import type { ByteReader, ByteWriter } from './bytes.ts';
import type { Column } from './columns/column.ts';
import { createPlaces, type Places, writeKeys } from './keys-codec.ts';
import type { Restoring, Scope } from './mechanism.ts';
import type { SessionTelling } from './session-telling.ts';
import type { Sessions } from './sessions.ts';
import { none } from './slots.ts';
import type { Timers } from './timers.ts';

interface SessionParts<E> {
  readonly columns: readonly Column<E>[];
  readonly sessions: Sessions;
  readonly waiting: Timers;
}

/** Of a key that changed, all sessions; what waits for the watermark is written whole, as it is no older than the disorder. */
export const writeSessions = <E>(
  to: ByteWriter,
  { columns, sessions, waiting }: SessionParts<E>,
  scope: Scope,
): void => {
  for (const column of columns) column.writeShared?.(to);
  for (const slot of writeKeys(to, sessions.slots, scope)) {
    const ofKey: number[] = [];
    for (let session = sessions.slots.newest[slot]!; session !== none; session = sessions.older[session]!)
      ofKey.push(session);
    to.number(ofKey.length);
    for (const session of ofKey.toReversed()) writeSession(to, columns, { sessions, session });
  }
  to.number(waiting.size());
  for (const [at, row] of waiting.all()) {
    to.number(at);
    to.number(sessions.slot[row]!);
    for (const column of columns) column.write(row, to);
  }
};

const writeSession = <E>(
  to: ByteWriter,
  columns: readonly Column<E>[],
  { sessions, session }: { readonly sessions: Sessions; readonly session: number },
): void => {
  to.number(sessions.start[session]!);
  to.number(sessions.last[session]!);
  to.number(sessions.told[session]!);
  to.number(sessions.changed[session]!);
  const rows = sessions.rowsOf(session);
  to.number(rows.length);
  for (const row of rows) for (const column of columns) column.write(row, to);
};

export const restoreSessions = <E>({
  columns,
  sessions,
  waiting,
  telling,
}: SessionParts<E> & { readonly telling: SessionTelling }): Restoring => {
  const { slots, rows } = sessions;
  const places = createPlaces({
    slots,
    forget: (gone) => {
      for (const slot of gone) sessions.dropKey(slot);
    },
  });
  let outdated = false;
  return {
    load: (from) => {
      outdated = columns.filter((column) => column.loadShared?.(from)).length > 0;
      while (waiting.size() > 0) {
        const row = waiting.take();
        slots.content[sessions.slot[row]!]!--;
        rows.give(row);
      }
      for (const slot of places.read(from)) {
        sessions.dropAll(slot);
        for (let left = from.number(); left > 0; left--) loadSession(from, columns, { sessions, slot });
      }
      loadWaiting(from, { columns, sessions, waiting }, places);
    },
    resume: () => {
      sessions.forEach(telling.resume);
      if (outdated) telling.republish();
    },
  };
};

const loadSession = <E>(
  from: ByteReader,
  columns: readonly Column<E>[],
  { sessions, slot }: { readonly sessions: Sessions; readonly slot: number },
): void => {
  const session = sessions.open(slot, none);
  sessions.start[session] = from.number();
  sessions.last[session] = from.number();
  sessions.told[session] = from.number();
  sessions.changed[session] = from.number();
  const count = from.number();
  for (let i = 0; i < count; i++) {
    const row = i === 0 ? session : sessions.rows.take();
    for (const column of columns) column.load(row, from);
    if (i > 0) sessions.link(session, row);
  }
};

const loadWaiting = <E>(from: ByteReader, { columns, sessions, waiting }: SessionParts<E>, places: Places): void => {
  for (let left = from.number(); left > 0; left--) {
    const at = from.number();
    const slot = places.slotOf(from.number());
    const row = sessions.rows.take();
    sessions.slot[row] = slot;
    sessions.slots.content[slot]!++;
    for (const column of columns) column.load(row, from);
    waiting.add(at, row);
  }
};
