import type { Message } from './message.ts';
import type { Shelf } from './shelf.ts';

/** A message on its way to one channel. */
export interface Parcel {
  readonly channel: string;
  readonly message: Message;
  /** How often it was tried, this time included where it is being sent. */
  readonly attempts: number;
  /** Wall time, ms, of the first and of the next try. */
  readonly since: number;
  readonly dueAt: number;
}

export type Answer =
  | { readonly kind: 'sent' }
  /** It may work later. `retryAfterMs`: the receiver says when. */
  | { readonly kind: 'failed'; readonly problem: string; readonly retryAfterMs?: number }
  /** It will never work. */
  | { readonly kind: 'refused'; readonly problem: string };

export type Result =
  | { readonly kind: 'sent'; readonly parcel: Parcel }
  | { readonly kind: 'retry' | 'given-up'; readonly parcel: Parcel; readonly problem: string };

/** Messages that have not arrived yet. */
export interface Outbox {
  put(message: Message, channels: readonly string[], now: number): void;
  /**
   * What to send now, at most one for each channel that is not busy: oldest first, so that a receiver gets them in order and
   * one at a time. Counts as tried.
   */
  take(now: number, busy: ReadonlySet<string>): readonly Parcel[];
  answered(parcel: Parcel, answer: Answer, now: number): Result;
  /** Those that wait. */
  parcels(): readonly Parcel[];
  /** It has arrived, as is known from elsewhere. */
  drop(parcel: Parcel): void;
}

const firstDelayMs = 1_000;
const longestDelayMs = 300_000;
/** A message that did not arrive for so long is news no more. */
export const patienceMs = 3_600_000;

/** Doubles from a second to five minutes; a receiver that names a time gets it, within that. */
export const delayOf = (attempts: number, retryAfterMs = 0): number =>
  Math.min(longestDelayMs, Math.max(retryAfterMs, firstDelayMs * 2 ** Math.min(30, attempts - 1)));

const idOf = ({ channel, message }: Pick<Parcel, 'channel' | 'message'>): string => `${channel}/${message.id}`;

export const createOutbox = (shelf: Shelf): Outbox => {
  const cells = shelf.cells<Parcel>('out');
  return {
    put: (message, channels, now) => {
      for (const channel of channels) {
        const parcel = { channel, message, attempts: 0, since: now, dueAt: now };
        if (cells.get(idOf(parcel)) === undefined) cells.set(idOf(parcel), parcel);
      }
    },
    take: (now, busy) => {
      const taken = new Map<string, Parcel>();
      for (const [id, parcel] of cells.entries()) {
        const { channel, dueAt, attempts } = parcel;
        if (busy.has(channel) || dueAt > now || taken.has(channel)) continue;
        const tried = { ...parcel, attempts: attempts + 1 };
        cells.set(id, tried);
        taken.set(channel, tried);
      }
      return [...taken.values()];
    },
    answered: (parcel, answer, now) => {
      const id = idOf(parcel);
      if (answer.kind === 'sent') {
        cells.delete(id);
        return { kind: 'sent', parcel };
      }
      const { problem } = answer;
      const delay = delayOf(parcel.attempts, answer.kind === 'failed' ? answer.retryAfterMs : 0);
      if (answer.kind === 'refused' || now + delay - parcel.since > patienceMs) {
        cells.delete(id);
        return { kind: 'given-up', parcel, problem };
      }
      const next = { ...parcel, dueAt: now + delay };
      cells.set(id, next);
      return { kind: 'retry', parcel: next, problem };
    },
    parcels: () => [...cells.entries()].map(([, parcel]) => parcel),
    drop: (parcel) => cells.delete(idOf(parcel)),
  };
};
