/**
 * Ids of posts and follows. A whole number below 2^53, so that every JavaScript and JSON reader has it exactly:
 *
 *     bit 52 … 12   41 bits   ms since 2015-01-01T00:00:00Z: until the year 2084
 *     bit 11 …  6    6 bits   worker that made it, 0 … 63
 *     bit  5 …  0    6 bits   sequence number within the ms, 0 … 63
 *
 * Written as decimal text, of 16 digits from October 2022 to the end, so that texts sort as numbers do: by time.
 */
export const idEpoch = Date.UTC(2015, 0, 1);

/** Workers that can make ids at the same time. */
export const idWorkers = 64;

const perMs = 64;
const idsOfMs = idWorkers * perMs;
const endMs = 2 ** 41;

/** What an id was made of. */
export interface IdParts {
  /** Wall time, ms since the epoch. */
  readonly at: number;
  readonly worker: number;
  readonly sequence: number;
}

/** @throws RangeError for parts that do not fit */
export const idOf = ({ at, worker, sequence }: IdParts): number => {
  const ms = at - idEpoch;
  if (!Number.isInteger(ms) || ms < 0 || ms >= endMs)
    throw new RangeError(`Cannot make an id at ${at} ms: a whole number of ms from 2015 to 2084 is needed`);
  if (!isBelow(worker, idWorkers) || !isBelow(sequence, perMs))
    throw new RangeError(`Cannot make an id of worker ${worker} and sequence ${sequence}: both have to be 0 to 63`);
  return ms * idsOfMs + worker * perMs + sequence;
};

const isBelow = (value: number, end: number): boolean => Number.isInteger(value) && value >= 0 && value < end;

export const partsOf = (id: number): IdParts => ({
  at: Math.floor(id / idsOfMs) + idEpoch,
  worker: Math.floor(id / perMs) % idWorkers,
  sequence: id % perMs,
});

/** The number that a text stands for; undefined where it is no id, as beyond 2^53. */
export const parseId = (text: string): number | undefined => {
  const id = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(id) && String(id) === text ? id : undefined;
};

/** The ids of one worker: each greater than the one before, whatever its clock does. */
export interface Ids {
  /** @param now wall time, ms */
  next(now: number): number;
  /** Continues as another worker, after the number was lost to somebody else. */
  moveTo(worker: number): void;
}

/** More than this ahead of the clock it makes none: another worker of that number might come after. */
const maxAheadMs = 1_000;

/** @throws RangeError for more ids than 64 a ms, kept up for a second */
export const createIds = (first: number): Ids => {
  let worker = first;
  let [at, sequence] = [0, 0];
  return {
    next: (now) => {
      if (now > at) [at, sequence] = [now, 0];
      else if (++sequence === perMs) [at, sequence] = [at + 1, 0];
      if (at > now + maxAheadMs)
        throw new RangeError(`Cannot make an id: the clock is ${at - now} ms behind the last one, try again later`);
      return idOf({ at, worker, sequence });
    },
    moveTo: (next) => {
      worker = next;
    },
  };
};
