import type { ReplayReader } from '@groundswell/graph';
import type { SocialEvent } from '@groundswell/wire';
import type { History } from '../../mapping/mapping.ts';
import { Misfit } from '../../mapping/misfit.ts';
import type { Row } from '../../mapping/row.ts';
import type { Timed, Timeline } from '../../paced-reader.ts';
import { type Incoming, type Raw, SourceStalledError } from '../../source-reader.ts';
import { validateEvent } from '../../validate.ts';
import { createPostHistory, type PostHistory } from './history.ts';
import type { MappedFile } from './mapped-file.ts';
import type { Placed, PlacedRows } from './order.ts';

/** How many rows were given, and the beginning of the last of them, by which a changed file is noticed. */
export interface ReplayCursor {
  readonly rows: number;
  readonly last: LastRow | null;
}
interface LastRow {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export interface TimelineParts {
  readonly files: readonly MappedFile[];
  readonly source: string;
  readonly onBadRow: ReplayReader['onBadRow'];
  readonly rows: PlacedRows;
  readonly isSorted: boolean;
  /** 0..1, when so many rows were given since the beginning of the files. */
  readonly share: (rows: number) => number;
  readonly ignored: () => Readonly<Record<string, number>>;
}

export interface ReplayTimeline extends Timeline {
  /** Passes over the rows that were given before. @returns newest event time among them, -Infinity for none */
  skip(cursor: ReplayCursor): Promise<number>;
}

/** The second half of a replay: rows in order become events, each knowing what came before it. */
export const createReplayTimeline = (parts: TimelineParts): ReplayTimeline => {
  const { files, rows } = parts;
  const history = createPostHistory(files.some(({ asksForHistory }) => asksForHistory));
  let left: readonly Placed[] = [];
  let batch: readonly Placed[] = [];
  /** All that was given before the batch, also before the replay was opened. */
  let before: ReplayCursor = { rows: 0, last: null };
  let givenBefore = 0;
  let stalled: SourceStalledError | undefined;

  const read = async (): Promise<readonly Placed[] | undefined> => {
    if (left.length === 0) {
      const { done, value } = await rows.next();
      return done === true ? undefined : value;
    }
    const found = left;
    left = [];
    return found;
  };
  const after = (count: number): ReplayCursor => {
    const last = batch[count - 1];
    return last === undefined ? before : { rows: before.rows + count, last: lastRowOf(last, files) };
  };

  return {
    skip: async (cursor) => {
      let reached = Number.NEGATIVE_INFINITY;
      while (before.rows < cursor.rows) {
        const found = await read();
        if (found === undefined) break;
        batch = found.slice(0, cursor.rows - before.rows);
        left = found.slice(batch.length);
        for (const placed of batch) {
          enterRow(placed, files[placed.file] as MappedFile, history);
          reached = Math.max(reached, placed.at);
        }
        before = after(batch.length);
        batch = [];
      }
      refuseChanged(cursor, before);
      return reached;
    },
    more: async () => {
      if (stalled !== undefined) throw stalled;
      before = after(batch.length);
      givenBefore += batch.length;
      const found = await read();
      if (found === undefined) return undefined;
      const timed: Timed[] = [];
      for (const placed of found) {
        const incoming = incomingOf(placed, { ...parts, history });
        if (incoming instanceof SourceStalledError) {
          stalled = incoming;
          break;
        }
        timed.push({ at: placed.at, incoming });
      }
      batch = found.slice(0, timed.length);
      if (timed.length === 0 && stalled !== undefined) throw stalled;
      return timed;
    },
    cursor: (given) => after(given - givenBefore),
    isSorted: parts.isSorted,
    share: (given) => parts.share(after(given - givenBefore).rows),
    ignored: parts.ignored,
    close: async () => {
      await rows.return(undefined);
      for (const file of files) await file.close();
    },
  };
};

const lastRowOf = ({ file, line, text }: Placed, files: readonly MappedFile[]): LastRow => ({
  path: files[file]?.path ?? '',
  line,
  text: text.slice(0, 200),
});

const refuseChanged = (saved: ReplayCursor, found: ReplayCursor): void => {
  if (JSON.stringify(saved) === JSON.stringify(found)) return;
  const { path, line } = saved.last ?? found.last ?? { path: '', line: 0 };
  throw new Error(
    `Cannot go on with the replay: row ${saved.rows} was line ${line} of "${path}" and is not any more, the files as they were are needed (or a new start)`,
  );
};

interface EventParts extends Pick<TimelineParts, 'files' | 'source' | 'onBadRow'> {
  readonly history: PostHistory;
}

const incomingOf = (placed: Placed, parts: EventParts): Incoming | SourceStalledError => {
  const file = parts.files[placed.file] as MappedFile;
  const from: Raw = { origin: file.path, offset: placed.line, raw: placed.text };
  const event = eventOf(placed, file, parts);
  if (!(event instanceof Misfit)) return { kind: 'event', event, from };
  const reason = `Cannot use line ${placed.line} of "${file.path}": ${event.problem}`;
  if (parts.onBadRow === 'DeadLetter') return { kind: 'bad', reason, from };
  return new SourceStalledError('BadRow', `${reason}; a corrected row is needed, or onBadRow: DeadLetter`);
};

/** A row with what came before it; also for rows that are passed over, so that later ones find the same. */
const enterRow = (
  placed: Placed,
  { readRow, mapping }: MappedFile,
  history: PostHistory,
): { readonly row: Row; readonly before: History } | Misfit => {
  if (placed.problem !== undefined) return new Misfit(placed.problem);
  const row = placed.row ?? readRow(placed);
  if (row instanceof Misfit) return row;
  const postId = mapping.postId(row);
  if (postId instanceof Misfit) return postId;
  return { row, before: history.enter(postId, row, (known) => mapping.type(row, known)) };
};

const eventOf = (placed: Placed, file: MappedFile, { history, source }: EventParts): SocialEvent | Misfit => {
  const entered = enterRow(placed, file, history);
  if (entered instanceof Misfit) return entered;
  const draft = file.mapping.draft(entered.row, entered.before);
  if (draft instanceof Misfit) return draft;
  draft.id ??= `${file.path}:${placed.line}`;
  if (draft.type === 'follow') draft.post_id ??= '';
  draft.ingested_at = 0;
  draft.source = source;
  const event = validateEvent(draft);
  return typeof event === 'string' ? new Misfit(event) : event;
};
