import type { Value, Weights } from '../aggregation.ts';
import type { ByteReader, ByteWriter } from '../bytes.ts';

/**
 * The state of one aggregation over all rows of a table. A row is what one key has in one pane, or in a whole window (a
 * *total*, made of rows). Another aggregation is another implementation of this and a case in `createColumn`.
 */
export interface Column<E> {
  /** Makes room for rows below `capacity`. */
  reserve(capacity: number): void;
  /** Makes the row one of nothing. Rows that were never used are. */
  clear(row: number): void;
  /** Takes an event into a row that is no total. */
  add(row: number, event: E, at: number): void;
  /** Takes a row of another pane into a total. */
  enter(total: number, row: number): void;
  /** Takes a row that is in a total out of it. false: that cannot be done; the total is to be made anew of those that stay. */
  leave(total: number, row: number): boolean;
  /** The result for a row or a total. */
  read(row: number): Value;
  write(row: number, to: ByteWriter): void;
  /** Reads what `write` wrote into a cleared row. */
  load(row: number, from: ByteReader): void;
  /** State of the column itself, common to all rows. */
  writeShared?(to: ByteWriter): void;
  /** Answers true where results that were published before the snapshot are outdated: weights differ from then. */
  loadShared?(from: ByteReader): boolean;
  /** Makes a total smaller that nothing will leave any more, within the stated error. */
  compact?(total: number): void;
  /** New weights, in force from the next `read` on. */
  reweigh?(weights: Weights): void;
  /** About how many bytes a row takes. */
  readonly bytesPerRow: number;
}
