import type { ASTNode } from '@marcbachmann/cel-js';
import { isConstant } from './constants.ts';
import { type Emitting, isNumber, type Sql, type SqlType, typed } from './sql.ts';

type Node<Op extends ASTNode['op']> = Extract<ASTNode, { readonly op: Op }>;

/** The two sides, as values of one type: a column without a type takes that of the other side. */
export const sameTyped = (emitting: Emitting, left: ASTNode, right: ASTNode): readonly [Sql, Sql] => {
  const { part, refuse } = emitting;
  let [a, b] = [part(left), part(right)];
  if (a.type === 'any' && b.type !== 'any') a = part(left, plain(b.type));
  if (b.type === 'any' && a.type !== 'any') b = part(right, plain(a.type));
  if (a.type === 'any' || b.type === 'any')
    return refuse(a.type === 'any' ? left : right, 'its type is not known, double(…) or string(…) around it is needed');
  if (plain(a.type) !== plain(b.type))
    return refuse(right, 'the two sides are of different types, which are never equal, equal types are needed');
  return [a, b];
};

const plain = (type: SqlType): SqlType => (type === 'whole' ? 'number' : type);

/** SQL's three-valued AND and OR are CEL's, with NULL for an error. */
export const emitLogic = (emitting: Emitting, node: Node<'&&' | '||'>): Sql => {
  const [a, b] = node.args.map((side) => typed(emitting, side, 'truth'));
  return { sql: `(${a} ${node.op === '&&' ? 'AND' : 'OR'} ${b})`, type: 'truth' };
};

export const emitNot = (emitting: Emitting, node: Node<'!_'>): Sql => ({
  sql: `(NOT ${typed(emitting, node.args, 'truth')})`,
  type: 'truth',
});

/** CASE takes ELSE for NULL as well, so both branches have a condition. */
export const emitTernary = (emitting: Emitting, node: Node<'?:'>): Sql => {
  const [condition, yes, no] = node.args;
  const chosen = typed(emitting, condition, 'truth');
  const [a, b] = sameTyped(emitting, yes, no);
  const type = a.type === b.type ? a.type : 'number';
  return { sql: `(CASE WHEN ${chosen} THEN ${a.sql} WHEN NOT ${chosen} THEN ${b.sql} END)`, type };
};

export const emitEquality = (emitting: Emitting, node: Node<'==' | '!='>): Sql => {
  const [a, b] = sameTyped(emitting, ...node.args);
  if (a.type === 'texts' || a.type === 'row') return emitting.refuse(node, 'SQL compares no lists and maps');
  return { sql: `(${a.sql} ${node.op === '==' ? '=' : '<>'} ${b.sql})`, type: 'truth' };
};

export const emitOrdering = (emitting: Emitting, node: Node<'<' | '<=' | '>' | '>='>): Sql => {
  const [a, b] = sameTyped(emitting, ...node.args);
  if (a.type === 'text')
    return emitting.refuse(node, 'texts are ordered by UTF-16 units here and by bytes in Flink, numbers are needed');
  if (!isNumber(a)) return emitting.refuse(node, 'numbers are needed');
  return { sql: `(${a.sql} ${node.op} ${b.sql})`, type: 'truth' };
};

/** In a list that is written out, or in a list of the row. */
export const emitIn = (emitting: Emitting, node: Node<'in'>): Sql => {
  const [value, container] = node.args;
  if (container.op !== 'list') {
    const list = typed(emitting, container, 'texts');
    const text = typed(emitting, value, 'text');
    // ARRAY_CONTAINS looks for NULL too.
    return { sql: `(CASE WHEN ${text} IS NOT NULL THEN ARRAY_CONTAINS(${list}, ${text}) END)`, type: 'truth' };
  }
  if (container.args.length === 0) return emitting.refuse(container, 'the list is empty');
  const sides = container.args.map((element) => ({ node: element, sides: sameTyped(emitting, value, element) }));
  const sought = sides[0]?.sides[0].sql ?? 'NULL';
  const [known, read] = [true, false].map((constant) =>
    sides.filter(({ node: element }) => isConstant(element) === constant).map(({ sides: [, element] }) => element.sql),
  );
  const among = `(${sought} IN (${known?.join(', ')}))`;
  if (read === undefined || read.length === 0) return { sql: among, type: 'truth' };
  // A list with something absent in it is absent. And IN with a column that is NULL gives wrong answers in Flink 2.2.
  const present = read.map((sql) => `${sql} IS NOT NULL`).join(' AND ');
  const any = [...(known?.length === 0 ? [] : [among]), ...read.map((sql) => `${sought} = ${sql}`)].join(' OR ');
  return { sql: `(CASE WHEN ${present} THEN (${any}) END)`, type: 'truth' };
};

export const emitPlus = (emitting: Emitting, node: Node<'+'>): Sql => {
  const [a, b] = sameTyped(emitting, ...node.args);
  if (a.type === 'text') return { sql: `(${a.sql} || ${b.sql})`, type: 'text' };
  if (!isNumber(a)) return emitting.refuse(node, 'numbers or texts are needed');
  return { sql: `(${a.sql} + ${b.sql})`, type: a.type === 'whole' ? b.type : a.type };
};

export const emitMinus = (emitting: Emitting, node: Node<'-_'>): Sql => {
  const { sql, type } = emitting.part(node.args, 'number');
  return type === 'whole'
    ? { sql: `(- ${sql})`, type }
    : { sql: `(- ${typed(emitting, node.args, 'number')})`, type: 'number' };
};

/** Cuts off the fraction. */
export const truncated = (sql: string): string => `(CASE WHEN ${sql} < 0E0 THEN CEIL(${sql}) ELSE FLOOR(${sql}) END)`;

/** `isInt` says whether the closures take both sides for ints, whose quotient is whole. */
export const emitArithmetic = (emitting: Emitting, node: Node<'-' | '*' | '/' | '%'>, isInt: boolean): Sql => {
  const [a, b] = node.args.map((side) => typed(emitting, side, 'number'));
  const areWhole = node.args.every((side) => emitting.part(side, 'number').type === 'whole');
  switch (node.op) {
    case '-':
    case '*':
      return { sql: `(${a} ${node.op} ${b})`, type: areWhole ? 'whole' : 'number' };
    case '/': {
      const quotient = `(${a} / NULLIF(${b}, 0E0))`;
      return isInt ? { sql: truncated(quotient), type: 'whole' } : { sql: quotient, type: 'number' };
    }
    case '%':
      if (!areWhole)
        return emitting.refuse(node, 'SQL has a remainder of whole numbers only, and these are not known to be');
      return {
        sql: `CAST(MOD(CAST(${a} AS BIGINT), CAST(NULLIF(${b}, 0E0) AS BIGINT)) AS DOUBLE)`,
        type: 'whole',
      };
  }
};
