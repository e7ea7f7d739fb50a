import type { ASTNode } from '@marcbachmann/cel-js';

/**
 * What SQL knows of a value. `whole` is a number that is known to be whole, `texts` a list of texts. All numbers are DOUBLE
 * in SQL, as they are in the closures.
 */
export type SqlType = 'number' | 'whole' | 'text' | 'truth' | 'texts' | 'row';

/** A part of an expression as SQL. Absent is NULL, as in the closures it is `undefined`. */
export interface Sql {
  readonly sql: string;
  /** `any`: a column that takes the type that its place needs. */
  readonly type: SqlType | 'any';
}

/** The columns of the rows, by path: of `event.user.followers`, `['event', 'user', 'followers']`. */
export interface SqlColumns {
  /**
   * The column as SQL. One without a type of its own takes the wanted one, and is `any` where none is wanted.
   * A text says why there is no such column.
   */
  read(path: readonly string[], wanted: SqlType | undefined): Sql | string;
}

/** What the emitters of the parts share. */
export interface Emitting {
  /** The part as SQL; `wanted` decides for columns without a type of their own, and is no promise. */
  readonly part: (node: ASTNode, wanted?: SqlType) => Sql;
  /** @throws CelError that SQL cannot say the part, and why */
  readonly refuse: (node: ASTNode, why: string) => never;
}

type Needed = Exclude<SqlType, 'whole' | 'row'>;

const names: Readonly<Record<SqlType, string>> = {
  number: 'a number',
  whole: 'a number',
  text: 'a text',
  truth: 'a truth value',
  texts: 'a list of texts',
  row: 'a map',
};

export const isNumber = ({ type }: Sql): boolean => type === 'number' || type === 'whole';

/** The part as SQL of that type. @throws CelError where it is of another one */
export const typed = ({ part, refuse }: Emitting, node: ASTNode, type: Needed): string => {
  const found = part(node, type);
  if (found.type === type || (type === 'number' && found.type === 'whole')) return found.sql;
  return refuse(node, `it is ${found.type === 'any' ? 'of any type' : names[found.type]}, ${names[type]} is needed`);
};

/** @throws RangeError for a number that SQL cannot write */
export const numberLiteral = (value: number): string => {
  if (!Number.isFinite(value)) throw new RangeError(`Cannot write ${value} in SQL: a finite number is needed`);
  const text = String(value).toUpperCase();
  const literal = text.includes('E') ? text : `${text}E0`;
  return literal.startsWith('-') ? `(${literal})` : literal;
};

export const textLiteral = (value: string): string => `'${value.replaceAll("'", "''")}'`;

export const identifier = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
