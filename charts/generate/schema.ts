import { z } from 'zod';
import { Values } from './values.ts';

/** A node of the JSON schema of the values. */
export interface ValueSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly items?: ValueSchema;
  readonly [other: string]: unknown;
}

/** The schema of the values, as values.schema.json has it. Draft 7: what every Helm 3 checks. */
export const valueSchema = (): ValueSchema => z.toJSONSchema(Values, { target: 'draft-7', io: 'input' }) as ValueSchema;

/** The fields of an object that has fields of its own; free maps have none. */
export const fieldsOf = ({ properties = {} }: ValueSchema): readonly (readonly [string, ValueSchema])[] =>
  // What only a parent chart gives stands in the schema, not in the documentation.
  Object.entries(properties).filter(([name]) => name !== 'global');

/** A default as the file of values has it. */
export const defaultOf = (schema: ValueSchema): unknown => {
  const fields = fieldsOf(schema);
  if (fields.length === 0) return schema.default;
  return Object.fromEntries(fields.map(([name, child]) => [name, defaultOf(child)]));
};
