import type { CelFunction } from './cel-function.ts';
import { mathFunctions } from './math-functions.ts';

/** What is known of the members of a variable. Where fields are known, another name does not compile. */
export type CelShape =
  | { readonly kind: 'open' }
  | { readonly kind: 'fields'; readonly fields: Readonly<Record<string, CelShape>> }
  /** There, but not to be read here; `why` ends the message. */
  | { readonly kind: 'refused'; readonly why: string };

export interface CelEnvironment {
  readonly variables: readonly string[];
  /** Besides the standard ones. */
  readonly functions?: Readonly<Record<string, CelFunction>>;
  /** By variable. One with known fields can be used only through them, so that what is refused cannot be reached around. */
  readonly shapes?: Readonly<Record<string, CelShape>>;
}

/** Names that always stand for a number, unless a variable takes the name. */
export const constants: Readonly<Record<string, number>> = { pi: Math.PI };

/** The function of that name: the environment's own before the standard ones. */
export const functionOf = ({ functions }: CelEnvironment, name: string): CelFunction | undefined => {
  if (functions !== undefined && Object.hasOwn(functions, name)) return functions[name];
  return Object.hasOwn(mathFunctions, name) ? mathFunctions[name] : undefined;
};
