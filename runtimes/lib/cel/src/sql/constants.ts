import type { ASTNode } from '@marcbachmann/cel-js';
import type { Compiling } from '../code.ts';
import { childrenOf } from '../references.ts';
import { numberLiteral, type Sql, textLiteral } from './sql.ts';

/** Whether the part reads nothing of the row, so that its value is known. */
export const isConstant = (node: ASTNode): boolean => {
  if (node.op === 'id') return node.args === 'pi';
  const { outside, inside } = childrenOf(node);
  return inside.length === 0 && outside.every(isConstant);
};

/** The value of a constant part. */
export const constantOf = (compiling: Compiling, node: ASTNode): unknown => compiling.part(node).run({});

/** A value as a literal; undefined where SQL has none. */
export const literalOf = (value: unknown): Sql | undefined => {
  if (typeof value === 'string') return { sql: textLiteral(value), type: 'text' };
  if (typeof value === 'boolean') return { sql: value ? 'TRUE' : 'FALSE', type: 'truth' };
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return { sql: numberLiteral(value), type: Number.isSafeInteger(value) ? 'whole' : 'number' };
};
