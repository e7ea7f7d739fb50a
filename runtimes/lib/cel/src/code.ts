import type { ASTNode } from '@marcbachmann/cel-js';
import { CelError } from './cel-error.ts';
import type { CelEnvironment } from './environment.ts';

/**
 * A compiled expression. `undefined` is CEL's error: a missing member, a type that does not fit, a division by zero.
 * A usual condition takes 20 to 50 ns (docs/decisions/020-cel-closures.md).
 */
export type CelProgram = (scope: Readonly<Record<string, unknown>>) => unknown;

/** One part of an expression, compiled. */
export interface Code {
  readonly run: CelProgram;
  /** Known to give a whole number by CEL's types, so that a division by another such truncates. */
  readonly isInt: boolean;
  /** What it always gives, where that is known. */
  readonly constant?: unknown;
}

/** Holds the value of a variable that a macro binds, while the macro runs. */
export interface Cell {
  value: unknown;
}

/** What the compilers of the parts share. */
export interface Compiling {
  readonly source: string;
  readonly environment: CelEnvironment;
  /** Variables bound by macros around the part. */
  readonly locals: ReadonlyMap<string, Cell>;
  /** Compiles a part; `locals` for one inside of a macro. */
  readonly part: (node: ASTNode, locals?: ReadonlyMap<string, Cell>) => Code;
}

export const code = (run: CelProgram, isInt = false): Code => ({ run, isInt });
export const constantCode = (constant: unknown, isInt = false): Code => ({ run: () => constant, isInt, constant });

export const failAt = (compiling: Compiling, node: ASTNode, problem: string): never => {
  throw new CelError(compiling.source, node.pos, problem);
};
