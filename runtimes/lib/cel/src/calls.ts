import type { ASTNode } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { compileHas } from './access.ts';
import type { CelFunction } from './cel-function.ts';
import { type CelProgram, type Code, type Compiling, code, failAt } from './code.ts';
import { conversions } from './conversions.ts';
import { suggest } from './did-you-mean.ts';
import { functionOf } from './environment.ts';
import { compileMacro, macroNames } from './macros.ts';
import { mathFunctions } from './math-functions.ts';
import { methods } from './methods.ts';

type Node<Op extends ASTNode['op']> = Extract<ASTNode, { readonly op: Op }>;

/** `f(x)`. */
export const compileCall = (compiling: Compiling, node: Node<'call'>): Code => {
  const [name, args] = node.args;
  if (name === 'has') return compileHas(compiling, node);
  const declared = functionOf(compiling.environment, name);
  if (declared !== undefined) return callDeclared(compiling, node, declared);
  const conversion = Object.hasOwn(conversions, name) ? conversions[name] : undefined;
  if (conversion === undefined) {
    const known = [...Object.keys(compiling.environment.functions ?? {}), ...standardNames];
    return failAt(compiling, node, `unknown function "${name}", ${suggest(name, known)}`);
  }
  checkCount(compiling, node, { name, takes: [1, 1], count: args.length });
  const [run = absent] = args.map((arg) => compiling.part(arg).run);
  return code((scope) => conversion.convert(run(scope)), conversion.isInt);
};

const absent: CelProgram = () => undefined;

const standardNames: readonly string[] = ['has', ...Object.keys(conversions), ...Object.keys(mathFunctions)];

const callDeclared = (compiling: Compiling, node: Node<'call'>, call: CelFunction): Code => {
  const [name, args] = node.args;
  if (call.length > 0) checkCount(compiling, node, { name, takes: [call.length, call.length], count: args.length });
  const runs = args.map((arg) => compiling.part(arg).run);
  const [first = absent] = runs;
  if (runs.length === 1)
    return code((scope) => {
      const value = first(scope);
      return value === undefined ? undefined : call(value);
    });
  const all = evaluateAll(runs);
  return code((scope) => {
    const values = all(scope);
    return values === undefined ? undefined : call(...values);
  });
};

/** All values, or undefined as soon as one is absent. */
const evaluateAll =
  (runs: readonly CelProgram[]) =>
  (scope: Parameters<CelProgram>[0]): unknown[] | undefined => {
    const values: unknown[] = [];
    for (const run of runs) {
      const value = run(scope);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  };

interface Count {
  readonly name: string;
  readonly takes: readonly [number, number];
  readonly count: number;
}

const checkCount = (compiling: Compiling, node: ASTNode, { name, takes: [fewest, most], count }: Count): void => {
  if (count >= fewest && count <= most) return;
  const needed = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
  failAt(compiling, node, `${name}() has ${count} arguments, ${needed} ${needed === '1' ? 'is' : 'are'} needed`);
};

/** `x.f(y)`. */
export const compileMethod = (compiling: Compiling, node: Node<'rcall'>): Code => {
  const [name, receiver, args] = node.args;
  const macro = compileMacro(compiling, node) ?? compileOptional(compiling, node);
  if (macro !== undefined) return macro;
  if (name === 'matches') return compileMatches(compiling, node);
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) {
    const known = [...Object.keys(methods), 'matches', ...Object.keys(optionals), ...macroNames];
    return failAt(compiling, node, `unknown method "${name}", ${suggest(name, known)}`);
  }
  checkCount(compiling, node, { name, takes: method.takes, count: args.length });
  const target = compiling.part(receiver).run;
  const all = evaluateAll(args.map((arg) => compiling.part(arg).run));
  return code((scope) => {
    const value = target(scope);
    const values = value === undefined ? undefined : all(scope);
    return values === undefined ? undefined : method.call(value, values);
  }, method.isInt);
};

/** The pattern is compiled once, and by RE2: time is linear in the text whatever the pattern, and texts come from strangers. */
const compileMatches = (compiling: Compiling, node: Node<'rcall'>): Code => {
  const [, receiver, [pattern]] = node.args;
  const written = pattern === undefined ? undefined : compiling.part(pattern).constant;
  if (typeof written !== 'string' || node.args[2].length !== 1)
    return failAt(compiling, pattern ?? node, 'matches() needs one pattern, written as a string');
  const regex = compileRegex(compiling, pattern ?? node, written);
  const { run } = compiling.part(receiver);
  return code((scope) => {
    const text = run(scope);
    return typeof text === 'string' ? regex.matcher(text).find() : undefined;
  });
};

const compileRegex = (compiling: Compiling, node: ASTNode, pattern: string): RE2JS => {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failAt(compiling, node, `the pattern is no RE2 regular expression (${why})`);
  }
};

const optionals: Readonly<Record<string, 0 | 1>> = { orValue: 1, or: 1, hasValue: 0, value: 0 };

/** What an optional offers. Any value can be asked: absent is the empty optional. */
const compileOptional = (compiling: Compiling, node: Node<'rcall'>): Code | undefined => {
  const [name, receiver, args] = node.args;
  const takes = Object.hasOwn(optionals, name) ? optionals[name] : undefined;
  if (takes === undefined) return undefined;
  checkCount(compiling, node, { name, takes: [takes, takes], count: args.length });
  const target = compiling.part(receiver);
  if (name === 'value') return target;
  if (name === 'hasValue') return code((scope) => target.run(scope) !== undefined);
  const [other = absent] = args.map((arg) => compiling.part(arg).run);
  return code((scope) => target.run(scope) ?? other(scope));
};
