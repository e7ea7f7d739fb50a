/**
 * A function that expressions may call. It is not called when an argument is absent: the result is then absent.
 * It returns `undefined` for arguments that it cannot use. When it declares parameters (no rest, no defaults), a call with
 * another number of arguments does not compile.
 */
export type CelFunction = (...args: readonly unknown[]) => unknown;
