import type { OutRecord } from '@groundswell/stores';
import { decodeEvent, eventRecord, type SocialEvent } from '@groundswell/wire';
import type { Letter } from './letters.ts';
import type { Place } from './place.ts';

export type Plan =
  | { readonly kind: 'send'; readonly topic: string; readonly record: OutRecord }
  | { readonly kind: 'refuse'; readonly why: string };

export interface PlanOptions {
  readonly place: Place;
  /** How many partitions a topic has; undefined where there is none. */
  readonly partitionsOf: (topic: string) => number | undefined;
  /** Instead of what the letter holds. */
  readonly corrected?: Uint8Array;
}

/** Topic and partition that a letter comes from, where that is what its origin says. */
export const originOf = ({ origin }: Letter): { readonly topic: string; readonly partition: number } | undefined => {
  const found = /^(.+)\/(\d+)$/.exec(origin);
  return found === null ? undefined : { topic: found[1] ?? '', partition: Number(found[2]) };
};

/**
 * How a letter is given back: to the partition that it comes from; and what came from a source, which cannot be asked
 * again, to the events, if it is one.
 */
export const planReplay = (letter: Letter, { place, partitionsOf, corrected }: PlanOptions): Plan => {
  const value = corrected ?? new Uint8Array(Buffer.from(letter.raw, 'base64'));
  const origin = originOf(letter);
  if (origin !== undefined && origin.partition < (partitionsOf(origin.topic) ?? 0))
    return { kind: 'send', topic: origin.topic, record: { value, partition: origin.partition, headers: {} } };
  try {
    const event = decodeEvent(value);
    return { kind: 'send', topic: place.events.topic, record: eventRecord(keyOf(place, event), event) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const why = `what came from "${letter.origin}" is no event (${error.message}), a corrected one is needed with --value`;
    return { kind: 'refuse', why };
  }
};

const keyOf = ({ events: { keyBy } }: Place, event: SocialEvent): string =>
  keyBy === 'at' ? String(event.at) : event[keyBy];

/** Letters of several groups about one record: it is given back once, for all of them. */
export const siblingsOf = (letter: Letter, all: readonly Letter[]): readonly Letter[] =>
  originOf(letter) === undefined
    ? [letter]
    : all.filter((other) => other.origin === letter.origin && other.offset === letter.offset);
