import type { ASTNode } from '@marcbachmann/cel-js';
import { type Code, type Compiling, code, constantCode } from './code.ts';

type Node<Op extends ASTNode['op']> = Extract<ASTNode, { readonly op: Op }>;
type Compute = (a: number, b: number) => number;

const computations: Readonly<Record<'-' | '*' | '/' | '%', Compute>> = {
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

/** Ints have no negative zero. */
const ofInts: typeof computations = {
  '-': (a, b) => a - b,
  '*': (a, b) => a * b + 0,
  '/': (a, b) => Math.trunc(a / b) + 0,
  '%': (a, b) => (a % b) + 0,
};

/** Numbers mix freely; `/` of two ints truncates; a division by zero is an error for ints and doubles alike. */
export const compileArithmetic = ({ part }: Compiling, node: Node<'-' | '*' | '/' | '%'>): Code => {
  const left = part(node.args[0]);
  const right = part(node.args[1]);
  const isInt = left.isInt && right.isInt;
  const divides = node.op === '/' || node.op === '%';
  const compute = (isInt ? ofInts : computations)[node.op];
  return code((scope) => {
    const a = left.run(scope);
    const b = right.run(scope);
    if (typeof a !== 'number' || typeof b !== 'number' || (divides && b === 0)) return undefined;
    return compute(a, b);
  }, isInt);
};

/** Adds numbers, joins strings, joins lists. */
export const compilePlus = ({ part }: Compiling, node: Node<'+'>): Code => {
  const left = part(node.args[0]);
  const right = part(node.args[1]);
  return code((scope) => {
    const a = left.run(scope);
    const b = right.run(scope);
    if (typeof a === 'number' && typeof b === 'number') return a + b;
    if (typeof a === 'string' && typeof b === 'string') return a + b;
    return Array.isArray(a) && Array.isArray(b) ? [...a, ...b] : undefined;
  }, left.isInt && right.isInt);
};

export const compileMinus = ({ part }: Compiling, node: Node<'-_'>): Code => {
  const { run, isInt, constant } = part(node.args);
  const negate = (value: number): number => (isInt ? 0 - value : -value);
  if (typeof constant === 'number') return constantCode(negate(constant), isInt);
  return code((scope) => {
    const value = run(scope);
    return typeof value === 'number' ? negate(value) : undefined;
  }, isInt);
};
