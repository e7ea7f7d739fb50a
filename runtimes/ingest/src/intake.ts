import type { IngestProgram } from '@groundswell/graph';
import type { OutRecord } from '@groundswell/stores';
import { type DeadLetter, type EventRecord, encodeJson, eventRecord, type SocialEvent } from '@groundswell/wire';
import type { SeenIds } from './seen-ids.ts';
import type { Fate, Incoming, Raw } from './source-reader.ts';

/** What became of everything that the source gave: `in` is the sum of the others, or something is lost. */
export interface IntakeLedger {
  readonly in: number;
  readonly written: number;
  readonly duplicate: number;
  readonly deadLettered: number;
}

export const emptyLedger: IntakeLedger = { in: 0, written: 0, duplicate: 0, deadLettered: 0 };

export const addLedgers = (a: IntakeLedger, b: IntakeLedger): IntakeLedger => ({
  in: a.in + b.in,
  written: a.written + b.written,
  duplicate: a.duplicate + b.duplicate,
  deadLettered: a.deadLettered + b.deadLettered,
});

/** What to write for some rows, and what they come to. */
export interface Intake {
  readonly events: readonly EventRecord[];
  readonly deadLetters: readonly OutRecord[];
  readonly ledger: IntakeLedger;
  /** Of each row, in their order. */
  readonly fates: readonly Fate[];
  /** Newest event time among them, ms. */
  readonly eventTime: number | undefined;
}

const isWritten: Fate = { kind: 'written' };
const isDuplicate: Fate = { kind: 'duplicate' };

export interface IntakeState {
  readonly seen: SeenIds;
  /** Ids that were written after the last save, before a crash: in the log already, and not to be written again. */
  readonly written: Set<string>;
}

/** Decides about each row: written, repeat, or dead letter. Changes `state`; does no IO and reads no clock. */
export const takeIn = (
  program: IngestProgram,
  state: IntakeState,
  { rows, now }: { readonly rows: readonly Incoming[]; readonly now: number },
): Intake => {
  const events: EventRecord[] = [];
  const deadLetters: OutRecord[] = [];
  const fates: Fate[] = [];
  let [written, duplicate, eventTime] = [0, 0, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    const bad = row.kind === 'bad' ? row.reason : tooFarAhead(program, row.event, now);
    if (bad !== undefined) {
      deadLetters.push(deadLetterRecord(program, { reason: bad, from: fromOf(row), now }));
      fates.push({ kind: 'deadLettered', reason: bad });
      continue;
    }
    if (row.kind === 'bad') continue;
    const { event } = row;
    if (!state.seen.add(event.id, event.at)) {
      duplicate++;
      fates.push(isDuplicate);
      continue;
    }
    written++;
    fates.push(isWritten);
    if (event.at > eventTime) eventTime = event.at;
    if (state.written.size > 0 && state.written.delete(event.id)) continue;
    event.ingested_at = now;
    events.push(eventRecord(keyOf(program, event), event));
  }
  return {
    events,
    deadLetters,
    fates,
    ledger: { in: rows.length, written, duplicate, deadLettered: deadLetters.length },
    eventTime: Number.isFinite(eventTime) ? eventTime : undefined,
  };
};

const keyOf = ({ keyBy }: IngestProgram, event: SocialEvent): string =>
  keyBy === 'at' ? String(event.at) : event[keyBy];

const tooFarAhead = ({ maxFutureMs }: IngestProgram, { at }: SocialEvent, now: number): string | undefined =>
  maxFutureMs === undefined || at <= now + maxFutureMs
    ? undefined
    : `Cannot take an event: its time is ${at - now} ms ahead of the clock, at most ${maxFutureMs} ms is allowed`;

const fromOf = (row: Incoming): Raw =>
  row.from ?? { origin: 'event', offset: '', raw: JSON.stringify(row.kind === 'event' ? row.event : undefined) };

/** A record of a log has a limit, and the beginning says what it was. */
const mostRawBytes = 256 * 1024;

const deadLetterRecord = (
  program: IngestProgram,
  { reason, from, now }: { readonly reason: string; readonly from: Raw; readonly now: number },
): OutRecord => {
  const letter: DeadLetter = {
    group: program.name,
    reason,
    origin: from.origin,
    offset: String(from.offset),
    raw: Buffer.from(from.raw as string)
      .subarray(0, mostRawBytes)
      .toString('base64'),
    at: now,
  };
  return { key: from.origin, value: encodeJson(letter), timestamp: now };
};
