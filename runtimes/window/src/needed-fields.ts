import { referencesOf } from '@groundswell/cel';
import type { WindowProgram } from '@groundswell/graph';

/** Paths into an event, as a scanner takes them. */
type Paths = readonly (readonly string[])[];

/** All that the window reads of an event besides its id, type and time: the fields of its key, and those that its expressions name. */
export const neededFields = ({ input, key, shape, aggregations }: WindowProgram): Paths => {
  const expressions = aggregations.flatMap((aggregation) => [
    'where' in aggregation ? aggregation.where : undefined,
    'field' in aggregation ? aggregation.field : undefined,
    'by' in aggregation ? aggregation.by : undefined,
  ]);
  const steps = shape.kind === 'pattern' ? shape.sequence.map(({ where }) => where) : [];
  const read = [input.where, ...steps, ...expressions].flatMap((source) =>
    source === undefined ? [] : eventPaths(source),
  );
  return [...key.map((field) => field.split('.')), ...read];
};

const eventPaths = (source: string): Paths =>
  referencesOf(source).paths.flatMap(({ path: [variable, ...fields] }) => (variable === 'event' ? [fields] : []));
