import type { ASTNode } from '@marcbachmann/cel-js';
import { type Cell, type CelProgram, type Code, type Compiling, code, failAt } from './code.ts';

type Call = Extract<ASTNode, { readonly op: 'rcall' }>;
type Scope = Parameters<CelProgram>[0];

/** Goes through `items`, with each in `cell` in turn. */
type Loop = (items: readonly unknown[], cell: Cell, scope: Scope) => unknown;

/** What a macro runs over: the elements of a list, the keys of a map. */
const itemsOf = (value: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value.keys()];
  return typeof value === 'object' && value !== null ? Object.keys(value) : undefined;
};

/** `all` (decisive: false) and `exists` (decisive: true): the decisive answer of any element wins over errors of others. */
const quantifier =
  (holds: CelProgram, decisive: boolean): Loop =>
  (items, cell, scope) => {
    let result: boolean | undefined = !decisive;
    for (const item of items) {
      cell.value = item;
      const answer = holds(scope);
      if (answer === decisive) return decisive;
      if (answer !== !decisive) result = undefined;
    }
    return result;
  };

/** The items for which it holds, transformed. An error of any makes the whole an error. */
const collect = (holds: CelProgram, transform: CelProgram): ((...args: Parameters<Loop>) => unknown[] | undefined) => {
  return (items, cell, scope) => {
    const collected: unknown[] = [];
    for (const item of items) {
      cell.value = item;
      const taken = holds(scope);
      if (typeof taken !== 'boolean') return undefined;
      if (!taken) continue;
      const result = transform(scope);
      if (result === undefined) return undefined;
      collected.push(result);
    }
    return collected;
  };
};

const always: CelProgram = () => true;

/** Number of arguments → the loop of the macro, from its compiled arguments. */
const loops: Readonly<Record<string, Readonly<Record<number, (parts: readonly CelProgram[], cell: Cell) => Loop>>>> = {
  all: { 2: ([holds = always]) => quantifier(holds, false) },
  exists: { 2: ([holds = always]) => quantifier(holds, true) },
  exists_one: {
    2: ([holds = always]) => {
      const matching = collect(holds, always);
      return (items, cell, scope) => {
        const found = matching(items, cell, scope);
        return found === undefined ? undefined : found.length === 1;
      };
    },
  },
  filter: { 2: ([holds = always], cell) => collect(holds, () => cell.value) },
  map: {
    2: ([transform = always]) => collect(always, transform),
    3: ([holds = always, transform = always]) => collect(holds, transform),
  },
};

export const macroNames: readonly string[] = ['has', ...Object.keys(loops)];

/** `list.all(x, …)`, `exists`, `exists_one`, `filter`, `map` and `cel.bind(x, value, …)`; undefined when it is no macro. */
export const compileMacro = (compiling: Compiling, node: Call): Code | undefined => {
  const [name, receiver, args] = node.args;
  if (name === 'bind' && receiver.op === 'id' && receiver.args === 'cel') return compileBind(compiling, node);
  const byCount = Object.hasOwn(loops, name) ? loops[name] : undefined;
  if (byCount === undefined) return undefined;
  const loopOf = byCount[args.length];
  if (loopOf === undefined)
    return failAt(compiling, node, `${name}() takes a variable and a condition, as in ${name}(x, x > 0)`);
  const { cell, locals, parts } = bindVariable(compiling, args);
  const loop = loopOf(
    parts.map((part) => compiling.part(part, locals).run),
    cell,
  );
  const source = compiling.part(receiver).run;
  return code((scope) => {
    const items = itemsOf(source(scope));
    return items === undefined ? undefined : keeping(cell, () => loop(items, cell, scope));
  });
};

/** Puts back what was in the cell, for a program that is called again from a function that it calls. */
const keeping = (cell: Cell, run: () => unknown): unknown => {
  const before = cell.value;
  try {
    return run();
  } finally {
    cell.value = before;
  }
};

const bindVariable = (compiling: Compiling, [variable, ...parts]: readonly ASTNode[]) => {
  const cell: Cell = { value: undefined };
  const locals = new Map(compiling.locals);
  if (variable?.op === 'id') locals.set(variable.args, cell);
  return { cell, locals, parts };
};

const compileBind = (compiling: Compiling, node: Call): Code => {
  const { cell, locals, parts } = bindVariable(compiling, node.args[2]);
  const [bound, body] = parts;
  if (bound === undefined || body === undefined)
    return failAt(compiling, node, 'cel.bind() takes a variable, its value and an expression');
  const value = compiling.part(bound).run;
  const { run, isInt } = compiling.part(body, locals);
  return code((scope) => {
    const of = value(scope);
    return keeping(cell, () => {
      cell.value = of;
      return run(scope);
    });
  }, isInt);
};
