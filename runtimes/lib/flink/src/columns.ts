import { identifier, type Sql, type SqlColumns, type SqlType } from '@groundswell/cel';

type Column = { readonly type: SqlType; readonly declared: string };

const text: Column = { type: 'text', declared: 'STRING' };
const whole: Column = { type: 'whole', declared: 'DOUBLE' };
const number: Column = { type: 'number', declared: 'DOUBLE' };
const truth: Column = { type: 'truth', declared: 'BOOLEAN' };

/** Fields of events in SQL (docs/decisions/111). What is read from JSON as DOUBLE keeps whole numbers up to 2^53. */
const fields: Readonly<Record<string, Column>> = {
  id: text,
  type: text,
  at: { type: 'whole', declared: 'BIGINT' },
  ingested_at: whole,
  source: text,
  post_id: text,
  user_id: text,
  author_id: text,
  posted_at: whole,
  parent_id: text,
  text,
  lang: text,
  tags: { type: 'texts', declared: 'ARRAY<STRING>' },
  links: whole,
  media: whole,
  mentions: whole,
};

const profile: Readonly<Record<string, Column>> = {
  name: text,
  followers: number,
  following: number,
  posts: number,
  listed: number,
  favourites: number,
  verified: truth,
  created_at: number,
};

const byType: Partial<Readonly<Record<SqlType, Column>>> = {
  number,
  whole: number,
  text,
  truth,
};

/** The columns that were read, which are those that the table declares: JSON is read only for them. */
export interface EventColumns extends SqlColumns {
  /** Column definitions of the source table. */
  declarations(): readonly string[];
}

/** Events as rows; `at` is always there, as event time. */
export const createEventColumns = (): EventColumns => {
  const used = new Map<string, Column>([['at', fields['at'] ?? whole]]);
  const ofProfile = new Map<string, Column>();
  const attributes = new Map<string, Column>();
  /** Read without a type, as by has(). */
  const untyped = new Set<string>();

  const readField = (name: string): Sql | string => {
    const column = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (column === undefined) return `events have no column "${name}"`;
    used.set(name, column);
    const sql = identifier(name);
    return { sql: column.declared === 'BIGINT' ? `CAST(${sql} AS DOUBLE)` : sql, type: column.type };
  };
  const readProfile = (name: string): Sql | string => {
    const column = Object.hasOwn(profile, name) ? profile[name] : undefined;
    if (column === undefined) return `users have no column "${name}"`;
    ofProfile.set(name, column);
    return { sql: `${identifier('user')}.${identifier(name)}`, type: column.type };
  };
  const readAttribute = (name: string, wanted: SqlType | undefined): Sql | string => {
    const sql = `${identifier('attributes')}.${identifier(name)}`;
    const known = attributes.get(name);
    if (wanted === undefined) {
      untyped.add(name);
      return { sql, type: known?.type ?? 'any' };
    }
    const column = byType[wanted];
    if (column === undefined) return 'attributes are texts, numbers and truth values';
    if (known !== undefined && known !== column)
      return `attributes.${name} is read as ${known.declared} and as ${column.declared}, a column has one type`;
    attributes.set(name, column);
    return { sql, type: column.type };
  };
  const rowOf = (name: string, members: ReadonlyMap<string, Column>): readonly string[] => {
    if (members.size === 0) return [];
    const inner = [...members].map(([member, { declared }]) => `${identifier(member)} ${declared}`);
    return [`${identifier(name)} ROW<${inner.join(', ')}>`];
  };
  return {
    read: ([variable, first, second, ...rest], wanted) => {
      if (variable !== 'event' || first === undefined || rest.length > 0) return 'only fields of the event are columns';
      if (second === undefined) return readField(first);
      if (first === 'user') return readProfile(second);
      if (first === 'attributes') return readAttribute(second, wanted);
      return `"${first}" has no fields`;
    },
    declarations: () => [
      ...[...used].map(([name, { declared }]) => `${identifier(name)} ${declared}`),
      ...rowOf('user', ofProfile),
      ...rowOf('attributes', new Map([...[...untyped].map((name) => [name, text] as const), ...attributes])),
    ],
  };
};
