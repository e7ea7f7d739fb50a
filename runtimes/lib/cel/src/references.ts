import type { ASTNode } from '@marcbachmann/cel-js';
import { macroNames } from './macros.ts';
import { parseCel } from './parse.ts';

/** What an expression reads, found without running it. */
export interface CelReferences {
  /** Members by their written names, from the variable on: `row.user['name']` is `['row', 'user', 'name']`. */
  readonly paths: readonly CelPath[];
  /** Names of functions and methods that it calls. */
  readonly functions: readonly string[];
}

export interface CelPath {
  readonly path: readonly [variable: string, ...members: string[]];
  /** Only asked for whether it is there (`has`, `.?`). */
  readonly optional: boolean;
}

/** @throws CelError when the expression does not parse */
export const referencesOf = (source: string): CelReferences => {
  const paths: CelPath[] = [];
  const functions = new Set<string>();

  const visit = (node: ASTNode, bound: ReadonlySet<string>, optional: boolean): void => {
    const path = pathOf(node);
    if (path !== undefined) {
      if (!bound.has(path.path[0])) paths.push({ path: path.path, optional: optional || path.optional });
      for (const index of path.computed) visit(index, bound, optional);
      return;
    }
    if (node.op === 'call' || node.op === 'rcall') functions.add(node.args[0]);
    const asked = optional || (node.op === 'call' && node.args[0] === 'has');
    const { outside, inside, variable } = childrenOf(node);
    for (const child of outside) visit(child, bound, asked);
    const within = variable === undefined ? bound : new Set([...bound, variable]);
    for (const child of inside) visit(child, within, asked);
  };
  visit(parseCel(source), new Set(), false);
  return { paths, functions: [...functions] };
};

/** The written path of a chain of accesses that starts at a variable; it ends before the first computed member. */
const pathOf = (node: ASTNode): (CelPath & { readonly computed: readonly ASTNode[] }) | undefined => {
  if (node.op === 'id') return { path: [node.args], optional: false, computed: [] };
  if (node.op !== '.' && node.op !== '.?' && node.op !== '[]' && node.op !== '[?]') return undefined;
  const base = pathOf(node.args[0]);
  if (base === undefined) return undefined;
  const optional = base.optional || node.op === '.?' || node.op === '[?]';
  const key = node.args[1];
  const name =
    typeof key === 'string' ? key : key.op === 'value' && typeof key.args === 'string' ? key.args : undefined;
  if (name === undefined) return { ...base, optional, computed: [...base.computed, key as ASTNode] };
  return base.computed.length > 0 ? { ...base, optional } : { path: [...base.path, name], optional, computed: [] };
};

/**
 * Whether a condition can hold only where this member equals the text: it says so itself, or one of the parts that it joins
 * with && does. False where that is not plain to see.
 */
export const holdsOnlyWhere = (source: string, path: CelPath['path'], text: string): boolean => {
  const says = (node: ASTNode): boolean => {
    if (node.op === '&&') return node.args.some(says);
    if (node.op !== '==') return false;
    const [left, right] = node.args;
    return isPath(left, path) ? isText(right, text) : isPath(right, path) && isText(left, text);
  };
  try {
    return says(parseCel(source));
  } catch {
    return false;
  }
};

const isText = (node: ASTNode, text: string): boolean => node.op === 'value' && node.args === text;

const isPath = (node: ASTNode, path: CelPath['path']): boolean => {
  const found = pathOf(node);
  return found?.computed.length === 0 && found.path.join('\0') === path.join('\0');
};

interface Children {
  readonly outside: readonly ASTNode[];
  /** Where the variable that a macro binds is seen. */
  readonly inside: readonly ASTNode[];
  readonly variable?: string;
}

export const childrenOf = (node: ASTNode): Children => {
  switch (node.op) {
    case 'value':
    case 'id':
      return { outside: [], inside: [] };
    case '.':
    case '.?':
      return { outside: [node.args[0]], inside: [] };
    case 'call':
      return { outside: node.args[1], inside: [] };
    case 'rcall':
      return childrenOfMethod(node);
    case 'map':
      return { outside: node.args.flat(), inside: [] };
    case '!_':
    case '-_':
      return { outside: [node.args], inside: [] };
    default:
      return { outside: node.args, inside: [] };
  }
};

const childrenOfMethod = (node: Extract<ASTNode, { readonly op: 'rcall' }>): Children => {
  const [name, receiver, args] = node.args;
  const [variable, ...others] = args;
  if (variable?.op !== 'id') return { outside: [receiver, ...args], inside: [] };
  if (name === 'bind' && receiver.op === 'id' && receiver.args === 'cel')
    return { outside: others.slice(0, 1), inside: others.slice(1), variable: variable.args };
  if (!macroNames.includes(name)) return { outside: [receiver, ...args], inside: [] };
  return { outside: [receiver], inside: others, variable: variable.args };
};
