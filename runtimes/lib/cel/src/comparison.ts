import type { ASTNode } from '@marcbachmann/cel-js';
import { type Code, type Compiling, code } from './code.ts';

type Node<Op extends ASTNode['op']> = Extract<ASTNode, { readonly op: Op }>;
type Ordering = '<' | '<=' | '>' | '>=';
type Members = Readonly<Record<string, unknown>>;

const isPrimitive = (value: unknown): boolean => value !== undefined && (typeof value !== 'object' || value === null);

/** Equal by value. Values of different types are not equal. */
const isEqual = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => isEqual(x, b[i]));
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isEqual((a as Members)[key], (b as Members)[key]));
};

export const compileEquality = ({ part }: Compiling, node: Node<'==' | '!='>): Code => {
  const equal = node.op === '==';
  const [left, right] = [part(node.args[0]), part(node.args[1])];
  const [fixed, other] = isPrimitive(left.constant) ? [left, right] : [right, left];
  if (isPrimitive(fixed.constant)) {
    const { constant } = fixed;
    return code((scope) => {
      const value = other.run(scope);
      return value === undefined ? undefined : (value === constant) === equal;
    });
  }
  return code((scope) => {
    const a = left.run(scope);
    const b = right.run(scope);
    return a === undefined || b === undefined ? undefined : isEqual(a, b) === equal;
  });
};

const orderings: Readonly<Record<Ordering, (a: number | string | boolean, b: number | string | boolean) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Orders numbers, strings (by UTF-16 unit) and truth values, each among themselves. */
export const compileOrdering = ({ part }: Compiling, node: Node<Ordering>): Code => {
  const left = part(node.args[0]);
  const right = part(node.args[1]);
  const holds = orderings[node.op];
  if (typeof right.constant === 'number') {
    const limit = right.constant;
    return code((scope) => {
      const value = left.run(scope);
      return typeof value === 'number' ? holds(value, limit) : undefined;
    });
  }
  return code((scope) => {
    const a = left.run(scope);
    const b = right.run(scope);
    if (typeof a === 'number') return typeof b === 'number' ? holds(a, b) : undefined;
    if (typeof a === 'string') return typeof b === 'string' ? holds(a, b) : undefined;
    return typeof a === 'boolean' && typeof b === 'boolean' ? holds(a, b) : undefined;
  });
};

const isIn = (value: unknown, container: unknown): boolean | undefined => {
  if (value === undefined || typeof container !== 'object' || container === null) return undefined;
  if (Array.isArray(container)) return container.some((element) => isEqual(element, value));
  if (container instanceof Map) return container.has(value);
  return Object.hasOwn(container, String(value));
};

/** In a short list a text is sooner compared with each than hashed. */
const oneOf = (list: readonly unknown[]): ((value: unknown) => boolean) => {
  if (list.length > 8) {
    const elements = new Set(list);
    return (value) => elements.has(value);
  }
  return (value) => {
    for (let i = 0; i < list.length; i++) if (list[i] === value) return true;
    return false;
  };
};

/** An element of a list, or a key of a map. */
export const compileIn = ({ part }: Compiling, node: Node<'in'>): Code => {
  const value = part(node.args[0]).run;
  const container = part(node.args[1]);
  if (Array.isArray(container.constant) && container.constant.every(isPrimitive)) {
    const isElement = oneOf(container.constant);
    return code((scope) => {
      const element = value(scope);
      return element === undefined ? undefined : isElement(element);
    });
  }
  return code((scope) => isIn(value(scope), container.run(scope)));
};
