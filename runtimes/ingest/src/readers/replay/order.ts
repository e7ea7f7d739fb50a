import type { Row } from '../../mapping/row.ts';
import type { Rec } from './records.ts';

/** A record with its place in time. */
export interface Placed extends Rec {
  /** Event time, ms; of a row without one that of the row before it in its file; -Infinity where there is none. */
  readonly at: number;
  /** Number of the file. Of equal times, the earlier file and the earlier row come first. */
  readonly file: number;
  /** Made anew from the record where it is absent. */
  readonly row: Row | undefined;
  /** Why the row cannot be used. */
  readonly problem: string | undefined;
}

/** Rows some at a time, each list not empty. @throws SourceStalledError after the rows before the damage */
export type PlacedRows = AsyncGenerator<readonly Placed[]>;

const batchSize = 64;

/**
 * Several files as one stream by event time: always the row whose file's next row is the earliest. A file that is not in
 * order comes out as it is.
 */
export const mergeInOrder = async function* (files: readonly PlacedRows[]): PlacedRows {
  const [only] = files;
  if (files.length === 1 && only !== undefined) {
    yield* only;
    return;
  }
  const heads = files.map((rows) => ({ rows, batch: [] as readonly Placed[], index: 0 }));
  const out: Placed[] = [];
  const open = new Set(heads);
  const refill = async (head: (typeof heads)[number]): Promise<void> => {
    const { done, value } = await head.rows.next();
    if (done === true) open.delete(head);
    else [head.batch, head.index] = [value, 0];
  };
  for (;;) {
    try {
      for (const head of open) if (head.index >= head.batch.length) await refill(head);
    } catch (error) {
      if (out.length > 0) yield out.splice(0);
      throw error;
    }
    const earliest = earliestOf(open);
    if (earliest === undefined) break;
    out.push(earliest.batch[earliest.index++] as Placed);
    if (out.length >= batchSize) yield out.splice(0);
  }
  if (out.length > 0) yield out;
};

const earliestOf = <H extends { readonly batch: readonly Placed[]; readonly index: number }>(
  heads: ReadonlySet<H>,
): H | undefined => {
  let earliest: H | undefined;
  let at = Number.POSITIVE_INFINITY;
  for (const head of heads) {
    const row = head.batch[head.index] as Placed;
    if (earliest !== undefined && row.at >= at) continue;
    [earliest, at] = [head, row.at];
  }
  return earliest;
};
