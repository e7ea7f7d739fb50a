import type { ASTNode } from '@marcbachmann/cel-js';
import { type Code, type Compiling, code, constantCode } from './code.ts';

type Node<Op extends ASTNode['op']> = Extract<ASTNode, { readonly op: Op }>;

/** A list; an element that is an error makes the list one. */
export const compileList = ({ part }: Compiling, node: Node<'list'>): Code => {
  const elements = node.args.map((element) => part(element));
  if (elements.every(({ constant }) => constant !== undefined))
    return constantCode(elements.map(({ constant }) => constant));
  const runs = elements.map(({ run }) => run);
  return code((scope) => {
    const list: unknown[] = [];
    for (const run of runs) {
      const element = run(scope);
      if (element === undefined) return undefined;
      list.push(element);
    }
    return list;
  });
};

/** A map with strings, numbers or truth values for keys, which become strings. */
export const compileMap = ({ part }: Compiling, node: Node<'map'>): Code => {
  const entries = node.args.map(([key, value]) => ({ key: part(key).run, value: part(value).run }));
  return code((scope) => {
    // Without a prototype, so that no key is special.
    const map: Record<string, unknown> = Object.create(null);
    for (const entry of entries) {
      const key = entry.key(scope);
      const value = entry.value(scope);
      if (value === undefined || key === null || key === undefined || typeof key === 'object') return undefined;
      map[String(key)] = value;
    }
    return map;
  });
};
