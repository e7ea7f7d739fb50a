import { type Aggregation, eachScalar, type Measured, type Scalar } from '../aggregation.ts';
import type { ByteReader, ByteWriter } from '../bytes.ts';
import { readScalar, writeScalar } from '../columns/scalar-codec.ts';
import { times } from '../times.ts';

/** What is kept of an event that is part of a run: enough to order it, and what the aggregations want of it. */
export interface Taken {
  /** Its place in the order of its key: by event time, then by arrival. */
  readonly turn: number;
  readonly at: number;
  readonly values: readonly TakenValue[];
}

/** What an aggregation looks at in an event: its scalars; absent where the event does not count. */
type TakenValue = readonly Scalar[] | undefined;

/** Aggregations that look at what was kept of events instead of the events. */
export interface Lifted<E> {
  valuesOf(event: E): readonly TakenValue[];
  readonly aggregations: readonly Aggregation<Taken>[];
}

const scalarsOf = (value: unknown): readonly Scalar[] => {
  const found: Scalar[] = [];
  eachScalar(value, (scalar) => found.push(scalar));
  return found;
};

/** What each aggregation looks at, besides whether an event counts: two things at most. */
const looksAt = <E>(aggregation: Measured<E>): readonly ((event: E) => unknown)[] => {
  switch (aggregation.kind) {
    case 'count':
      return [() => true];
    case 'weightedSum':
      return [aggregation.by];
    case 'topK':
      return aggregation.by === undefined ? [aggregation.of] : [aggregation.of, aggregation.by];
    default:
      return [aggregation.of];
  }
};

export const lift = <E>(given: readonly Aggregation<E>[]): Lifted<E> => {
  const reads: ((event: E) => TakenValue)[] = [];
  const aggregations = given.map((aggregation): Aggregation<Taken> => {
    if (aggregation.kind === 'derived') return aggregation;
    const { where } = aggregation;
    const [first, second] = looksAt(aggregation).map((look) => {
      reads.push((event) => (where !== undefined && !where(event) ? undefined : scalarsOf(look(event))));
      return reads.length - 1;
    });
    const at = (place: number) => (taken: Taken) => {
      const found = taken.values[place];
      return found?.length === 1 ? found[0] : found;
    };
    return lifted(aggregation, {
      where: ({ values }) => values[first!] !== undefined,
      of: at(first!),
      by: second === undefined ? undefined : at(second),
    });
  });
  return { valuesOf: (event) => reads.map((read) => read(event)), aggregations };
};

interface Looks {
  readonly where: (taken: Taken) => boolean;
  readonly of: (taken: Taken) => unknown;
  readonly by: ((taken: Taken) => unknown) | undefined;
}

/** A match is made of single events, whatever each stands for. */
const lifted = <E>({ standsFor: _, ...aggregation }: Measured<E>, { where, of, by }: Looks): Measured<Taken> => {
  switch (aggregation.kind) {
    case 'count':
      return { kind: 'count', name: aggregation.name, where };
    case 'weightedSum':
      return { ...aggregation, where, by: of };
    case 'topK': {
      const { name, size, error } = aggregation;
      return { kind: 'topK', name, size, error, where, of, ...(by !== undefined && { by }) };
    }
    default:
      return { ...aggregation, where, of };
  }
};

export const writeTaken = ({ turn, at, values }: Taken, to: ByteWriter): void => {
  to.number(turn);
  to.number(at);
  to.number(values.length);
  for (const value of values) {
    to.number(value === undefined ? 0 : value.length + 1);
    for (const scalar of value ?? []) writeScalar(scalar, to);
  }
};

export const readTaken = (from: ByteReader): Taken => {
  const [turn, at] = [from.number(), from.number()];
  const values = times(from.number(), () => {
    const count = from.number();
    return count === 0 ? undefined : times(count - 1, () => readScalar(from));
  });
  return { turn, at, values };
};
