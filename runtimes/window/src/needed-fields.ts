import { referencesOf } from '@groundswell/cel';
import type { WindowProgram } from '@groundswell/graph';

/** Paths into an event, as a scanner takes them. */
type Paths = readonly (readonly string[])[];

/** All that the window reads of an event besides its id, type and time: the fields of its key, and those that its expressions name. */
export const neededFields = (program: WindowProgram): Paths => {
  const joined = program.joins ?? [];
  const ofEvent = program.key.filter((field) => !joined.some(({ name }) => field.startsWith(`${name}.`)));
  const keys = joined.flatMap(({ key }) => pathsOf('event', key));
  const read = expressionsOf(program).flatMap((source) => pathsOf('event', source));
  const weights = program.thinned === true ? [['weight']] : [];
  return [...ofEvent.map((field) => field.split('.')), ...keys, ...read, ...weights];
};

/** Fields that the window reads of the rows of a join; undefined: all of them, as it looks at whole rows. */
export const neededRowFields = (program: WindowProgram, join: string): readonly string[] | undefined => {
  const ofKey = program.key.filter((field) => field.startsWith(`${join}.`)).map((field) => field.split('.').slice(1));
  const paths = [...ofKey, ...expressionsOf(program).flatMap((source) => pathsOf(join, source))];
  return paths.some(({ length }) => length === 0) ? undefined : [...new Set(paths.map(([field = '']) => field))];
};

const expressionsOf = ({ input, shape, aggregations }: WindowProgram): readonly string[] => {
  const steps = shape.kind === 'pattern' ? shape.sequence.map(({ where }) => where) : [];
  const values = aggregations.flatMap((aggregation) => [
    'where' in aggregation ? aggregation.where : undefined,
    'field' in aggregation ? aggregation.field : undefined,
    'by' in aggregation ? aggregation.by : undefined,
  ]);
  return [input.where, ...steps, ...values].filter((source) => source !== undefined);
};

const pathsOf = (variable: string, source: string): Paths =>
  referencesOf(source).paths.flatMap(({ path: [first, ...fields] }) => (first === variable ? [fields] : []));
