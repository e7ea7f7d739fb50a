import { identifier } from '@groundswell/cel';
import type { EventColumns } from './columns.ts';
import type { Refusals } from './refusals.ts';

/** Columns of the key in the view of taken events. */
export interface Key {
  readonly names: readonly string[];
  /** `… AS name`, one for each. */
  readonly selected: readonly string[];
  /** Events without the field, or with an empty text in it, are filtered. */
  readonly conditions: readonly string[];
  /** Joins that give a row for each element of a list. */
  readonly joins: readonly string[];
}

export const emitKey = (key: readonly string[], columns: EventColumns, refusals: Refusals): Key => {
  const parts = key.map((field, i) => emitField(field, { i, columns, refusals }));
  const names = parts.map((_, i) => identifier(`key_${i}`));
  return {
    names,
    selected: parts.map(({ sql }, i) => `${sql} AS ${names[i]}`),
    conditions: parts.map(({ sql }) => `${sql} <> ''`),
    joins: parts.flatMap(({ join }) => join ?? []),
  };
};

interface Field {
  readonly i: number;
  readonly columns: EventColumns;
  readonly refusals: Refusals;
}

const emitField = (
  field: string,
  { i, columns, refusals }: Field,
): { readonly sql: string; readonly join?: string } => {
  const found = columns.read(['event', ...field.split('.')], field.startsWith('attributes.') ? 'text' : undefined);
  const refuse = (why: string) => {
    refusals.refuse(['key', i], why);
    return { sql: "''" };
  };
  if (typeof found === 'string') return refuse(found);
  switch (found.type) {
    case 'text':
      return { sql: found.sql };
    case 'whole':
      return { sql: `CAST(CAST(${found.sql} AS BIGINT) AS STRING)` };
    case 'truth':
      return { sql: `CASE ${found.sql} WHEN TRUE THEN 'true' WHEN FALSE THEN 'false' END` };
    case 'texts': {
      const element = identifier(`element_${i}`);
      const join = `CROSS JOIN UNNEST(ARRAY_DISTINCT(${found.sql})) AS ${identifier(`list_${i}`)} (${element})`;
      return { sql: element, join };
    }
    default:
      return refuse('Flink writes fractions in another form, a text or a whole number is needed');
  }
};
