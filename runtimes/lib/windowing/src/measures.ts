import type { Aggregation, Derive, Measured, Value, Values, Weights } from './aggregation.ts';
import type { Column } from './columns/column.ts';
import { createColumn } from './columns/create-column.ts';
import { createFadingColumn, type Fade } from './columns/fading.ts';

/** What is computed of a row: the columns of what is kept of events, and what is derived from them. */
export interface Measures<E> {
  readonly columns: readonly Column<E>[];
  /** Says which columns they are. Derived values are not state. */
  readonly signature: readonly (readonly [kind: string, name: string])[];
  /** The results of a row or total, in the order of declaration. */
  read(row: number): Values;
  reweigh(aggregation: string, weights: Weights): void;
  redefine(aggregation: string, derive: Derive): void;
}

/**
 * @param fade of values that fade
 * @throws RangeError for an aggregation that cannot fade
 */
export const createMeasures = <E>(aggregations: readonly Aggregation<E>[], fade?: Fade): Measures<E> => {
  const columnOf = (aggregation: Measured<E>): Column<E> =>
    fade === undefined ? createColumn(aggregation) : createFadingColumn(aggregation, fade);
  const measured = aggregations.flatMap((aggregation, place) =>
    aggregation.kind === 'derived' ? [] : [{ ...aggregation, place, column: columnOf(aggregation) }],
  );
  const derived = aggregations.flatMap((aggregation, place) =>
    aggregation.kind === 'derived' ? [{ name: aggregation.name, place, derive: aggregation.derive }] : [],
  );
  const columns = measured.map(({ column }) => column);
  const places = measured.map(({ place }) => place);
  return {
    columns,
    signature: measured.map(({ kind, name }) => [kind, name]),
    read: (row) => {
      // Of the right length at once: kept for each key, an array that grew would hold room for many more.
      const values = new Array<Value>(aggregations.length).fill(null);
      for (let i = 0; i < columns.length; i++) values[places[i]!] = columns[i]!.read(row);
      for (const { place, derive } of derived) values[place] = derive(values);
      return values;
    },
    reweigh: (aggregation, weights) => {
      for (const { name, column } of measured) if (name === aggregation) column.reweigh?.(weights);
    },
    redefine: (aggregation, derive) => {
      for (const one of derived) if (one.name === aggregation) one.derive = derive;
    },
  };
};
