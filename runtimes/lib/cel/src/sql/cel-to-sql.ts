import type { ASTNode } from '@marcbachmann/cel-js';
import { CelError } from '../cel-error.ts';
import type { Compiling } from '../code.ts';
import { compilingOf } from '../compile.ts';
import type { CelEnvironment } from '../environment.ts';
import { parseCel } from '../parse.ts';
import { emitCall } from './calls.ts';
import { constantOf, isConstant, literalOf } from './constants.ts';
import {
  emitArithmetic,
  emitEquality,
  emitIn,
  emitLogic,
  emitMinus,
  emitNot,
  emitOrdering,
  emitPlus,
  emitTernary,
} from './operators.ts';
import type { Emitting, Sql, SqlColumns, SqlType } from './sql.ts';

/** Conditions stand twice in what a conditional becomes, so nesting them doubles the text. */
const maxLength = 65_536;

export interface SqlTarget {
  readonly environment: CelEnvironment;
  readonly columns: SqlColumns;
  /** The type that the value is needed in; absent: any that is known. */
  readonly wanted?: SqlType;
}

/**
 * The expression as Flink SQL that gives the same value for the same row: NULL where the closures give `undefined`, numbers
 * as DOUBLE.
 *
 * @throws CelError for what does not compile, and for what SQL cannot say with the same meaning
 */
export const celToSql = (source: string, { environment, columns, wanted }: SqlTarget): Sql => {
  const compiling = compilingOf(source, environment);
  const root = parseCel(source);
  compiling.part(root);
  const emitting: Emitting = {
    part: (node, type) => {
      const sql = emitNode({ emitting, compiling, columns }, node, type);
      return sql.sql.length > maxLength ? emitting.refuse(node, 'it becomes too long') : sql;
    },
    refuse: (node, why) => {
      throw new CelError(source, node.pos, why);
    },
  };
  const found = emitting.part(root, wanted);
  const fits = wanted === undefined || found.type === wanted || (wanted === 'number' && found.type === 'whole');
  if (found.type === 'any')
    return emitting.refuse(root, 'its type is not known, double(…) or string(…) around it is needed');
  return fits
    ? found
    : emitting.refuse(root, `it does not give ${wanted === 'truth' ? 'a truth value' : `a ${wanted}`}`);
};

interface Parts {
  readonly emitting: Emitting;
  readonly compiling: Compiling;
  readonly columns: SqlColumns;
}

const emitNode = ({ emitting, compiling, columns }: Parts, node: ASTNode, wanted?: SqlType): Sql => {
  if (node.op !== 'list' && isConstant(node)) {
    const literal = literalOf(constantOf(compiling, node));
    return literal ?? emitting.refuse(node, 'it has no value, or one that SQL cannot write');
  }
  switch (node.op) {
    case 'id':
    case '.':
    case '.?':
    case '[]':
    case '[?]':
      return emitColumn({ emitting, compiling, columns }, node, wanted);
    case 'call':
    case 'rcall':
      return emitCall(emitting, node);
    case '&&':
    case '||':
      return emitLogic(emitting, node);
    case '?:':
      return emitTernary(emitting, node);
    case '!_':
      return emitNot(emitting, node);
    case '-_':
      return emitMinus(emitting, node);
    case '+':
      return emitPlus(emitting, node);
    case '-':
    case '*':
    case '/':
    case '%':
      return emitArithmetic(
        emitting,
        node,
        node.args.every((side) => compiling.part(side).isInt),
      );
    case '==':
    case '!=':
      return emitEquality(emitting, node);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return emitOrdering(emitting, node);
    case 'in':
      return emitIn(emitting, node);
    case 'value':
    case 'list':
    case 'map':
      return emitting.refuse(node, 'lists and maps have no equal in Flink SQL');
  }
};

/** A chain of written names from a variable on. */
const emitColumn = ({ emitting, columns }: Parts, node: ASTNode, wanted?: SqlType): Sql => {
  const path = pathOf(node);
  if (path === undefined) return emitting.refuse(node, 'a computed name is used, the name of a field is needed');
  const column = columns.read(path, wanted);
  return typeof column === 'string' ? emitting.refuse(node, column) : column;
};

const pathOf = (node: ASTNode): readonly string[] | undefined => {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.' && node.op !== '.?' && node.op !== '[]' && node.op !== '[?]') return undefined;
  const [base, key] = node.args;
  const name =
    typeof key === 'string' ? key : key.op === 'value' && typeof key.args === 'string' ? key.args : undefined;
  const before = pathOf(base);
  return before === undefined || name === undefined ? undefined : [...before, name];
};
