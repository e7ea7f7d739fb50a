import type { ByteReader, ByteWriter } from './bytes.ts';
import type { Column } from './columns/column.ts';
import { readKeys, slotOf, writeKeys } from './keys-codec.ts';
import type { SessionTelling } from './session-telling.ts';
import type { Sessions } from './sessions.ts';
import { none } from './slots.ts';
import type { Timers } from './timers.ts';

interface SessionParts<E> {
  readonly columns: readonly Column<E>[];
  readonly sessions: Sessions;
  readonly waiting: Timers;
}

export const writeSessions = <E>(to: ByteWriter, { columns, sessions, waiting }: SessionParts<E>): void => {
  for (const column of columns) column.writeShared?.(to);
  const ordinals = writeKeys(to, sessions.slots);
  for (const slot of ordinals.keys()) {
    const ofKey: number[] = [];
    for (let session = sessions.slots.newest[slot]!; session !== none; session = sessions.older[session]!)
      ofKey.push(session);
    to.number(ofKey.length);
    for (const session of ofKey.toReversed()) writeSession(to, columns, { sessions, session });
  }
  to.number(waiting.size());
  for (const [at, row] of waiting.all()) {
    to.number(at);
    to.number(ordinals.get(sessions.slot[row]!)!);
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

/** @throws RangeError */
export const loadSessions = <E>(
  from: ByteReader,
  { columns, sessions, waiting, telling }: SessionParts<E> & { readonly telling: SessionTelling },
): void => {
  const outdated = columns.filter((column) => column.loadShared?.(from)).length > 0;
  const slots = readKeys(from, sessions.slots);
  for (const slot of slots)
    for (let left = from.number(); left > 0; left--) {
      const session = sessions.open(slot, none);
      sessions.start[session] = from.number();
      sessions.last[session] = from.number();
      sessions.told[session] = from.number();
      const changed = from.number() === 1;
      loadRows(from, columns, { sessions, session });
      telling.resume(session, changed);
    }
  for (let left = from.number(); left > 0; left--) {
    const at = from.number();
    const slot = slotOf(slots, from.number());
    const row = sessions.rows.take();
    sessions.slot[row] = slot;
    sessions.slots.content[slot]!++;
    for (const column of columns) column.load(row, from);
    waiting.add(at, row);
  }
  if (outdated) telling.republish();
};

const loadRows = <E>(
  from: ByteReader,
  columns: readonly Column<E>[],
  { sessions, session }: { readonly sessions: Sessions; readonly session: number },
): void => {
  const count = from.number();
  for (let i = 0; i < count; i++) {
    const row = i === 0 ? session : sessions.rows.take();
    for (const column of columns) column.load(row, from);
    if (i > 0) sessions.link(session, row);
  }
};
