import type { ASTNode } from '@marcbachmann/cel-js';
import { compileAccess, compileId } from './access.ts';
import { compileList, compileMap } from './aggregates.ts';
import { compileArithmetic, compileMinus, compilePlus } from './arithmetic.ts';
import { compileCall, compileMethod } from './calls.ts';
import { CelError } from './cel-error.ts';
import { type Cell, type CelProgram, type Code, type Compiling, constantCode, failAt } from './code.ts';
import { compileEquality, compileIn, compileOrdering } from './comparison.ts';
import type { CelEnvironment } from './environment.ts';
import { compileAnd, compileNot, compileOr, compileTernary } from './logic.ts';
import { parseCel } from './parse.ts';

/**
 * Compiles an expression to nested closures; nothing is generated as text and evaluated.
 *
 * @throws CelError for what does not parse, names that are not known, and fields that the shape of a variable does not have
 */
export const compileCel = (source: string, environment: CelEnvironment): CelProgram =>
  compilingOf(source, environment).part(parseCel(source)).run;

/** What compiles the parts of an expression. */
export const compilingOf = (source: string, environment: CelEnvironment): Compiling => {
  const compilerFor = (locals: ReadonlyMap<string, Cell>): Compiling => {
    const compiling: Compiling = {
      source,
      environment,
      locals,
      part: (node, inner) => compileNode(inner === undefined ? compiling : compilerFor(inner), node),
    };
    return compiling;
  };
  return compilerFor(new Map());
};

/** A condition: true only where the expression gives exactly true; an error counts as false. */
export const compilePredicate = (
  source: string,
  environment: CelEnvironment,
): ((scope: Readonly<Record<string, unknown>>) => boolean) => {
  const run = compileCel(source, environment);
  return (scope) => run(scope) === true;
};

/** What is wrong with an expression, if anything. */
export const checkCel = (
  source: string,
  environment: CelEnvironment,
): { readonly message: string; readonly offset: number } | undefined => {
  try {
    compileCel(source, environment);
    return undefined;
  } catch (error) {
    if (error instanceof CelError) return { message: error.message, offset: error.offset };
    throw error;
  }
};

const compileNode = (compiling: Compiling, node: ASTNode): Code => {
  switch (node.op) {
    case 'value':
      return compileLiteral(compiling, node);
    case 'id':
      return compileId(compiling, node);
    case '.':
    case '.?':
    case '[]':
    case '[?]':
      return compileAccess(compiling, node);
    case 'call':
      return compileCall(compiling, node);
    case 'rcall':
      return compileMethod(compiling, node);
    case 'list':
      return compileList(compiling, node);
    case 'map':
      return compileMap(compiling, node);
    case '&&':
      return compileAnd(compiling, node);
    case '||':
      return compileOr(compiling, node);
    case '?:':
      return compileTernary(compiling, node);
    case '!_':
      return compileNot(compiling, node);
    case '-_':
      return compileMinus(compiling, node);
    case '+':
      return compilePlus(compiling, node);
    case '-':
    case '*':
    case '/':
    case '%':
      return compileArithmetic(compiling, node);
    case '==':
    case '!=':
      return compileEquality(compiling, node);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compileOrdering(compiling, node);
    case 'in':
      return compileIn(compiling, node);
  }
};

/** Ints become doubles, which hold them exactly up to 2^53. */
const compileLiteral = (compiling: Compiling, node: Extract<ASTNode, { readonly op: 'value' }>): Code => {
  const literal = node.args;
  if (literal === null || typeof literal === 'string' || typeof literal === 'boolean' || typeof literal === 'number')
    return constantCode(literal);
  if (literal instanceof Uint8Array) return failAt(compiling, node, 'bytes are not supported, a string is needed');
  const whole = Number(literal.valueOf());
  if (!Number.isSafeInteger(whole)) return failAt(compiling, node, 'the number is beyond 2^53 and would not be exact');
  return constantCode(whole, true);
};
