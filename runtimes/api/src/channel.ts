import { createHash } from 'node:crypto';
import type { Clock } from '@groundswell/process';
import type { Follower } from './follower.ts';

/** Something that clients follow. It is read at most every `everyMs` for all of them together, and sent when it changed. */
export interface Subject {
  /** The name of the server-sent event. */
  readonly event: string;
  /** Tells subjects of the same event apart: model, limit. */
  readonly key: string;
  readonly everyMs: number;
  read(): Promise<unknown>;
}

/** One subject, its newest state and who follows it. */
export interface Channel {
  readonly subject: Subject;
  readonly followers: Set<Follower>;
  /** 0 or less when it should be read again. */
  dueInMs(): number;
  /** Reads, and offers the state to all followers if it changed; who asks while a read is under way shares it. */
  refresh(): Promise<'changed' | 'same'>;
  /** Of the state as it was read last; undefined before there is any. */
  id(): string | undefined;
  /** Offers the state as it was read last, if it was. */
  show(follower: Follower): void;
}

const encoder = new TextEncoder();

const idOf = (event: string, text: string): string =>
  `${event}-${createHash('sha256').update(text).digest('base64url').slice(0, 16)}`;

export const createChannel = (subject: Subject, clock: Clock, onOffer: (event: string) => void): Channel => {
  const followers = new Set<Follower>();
  let text: string | undefined;
  let id: string | undefined;
  let frame: Uint8Array | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<'changed' | 'same'> | undefined;

  const show = (follower: Follower) => {
    if (frame === undefined) return;
    follower.offer(subject.key, frame);
    onOffer(subject.event);
  };

  const read = async (): Promise<'changed' | 'same'> => {
    readAt = clock.now();
    const newest = JSON.stringify(await subject.read());
    if (newest === text) return 'same';
    text = newest;
    id = idOf(subject.event, newest);
    frame = encoder.encode(`event: ${subject.event}\nid: ${id}\ndata: ${newest}\n\n`);
    for (const follower of followers) show(follower);
    return 'changed';
  };

  return {
    subject,
    followers,
    dueInMs: () => readAt + subject.everyMs - clock.now(),
    refresh: () => {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    id: () => id,
    show,
  };
};
