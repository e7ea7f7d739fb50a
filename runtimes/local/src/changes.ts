import type { Program } from '@groundswell/graph';

/** The order of the programs within a cycle. Docs: docs/decisions/002-steps-not-loops.md. */
const order: readonly Program['kind'][] = ['ingest', 'scorer', 'window', 'api'];

export type Change =
  | { readonly kind: 'keep' | 'update' | 'start'; readonly program: Program }
  | { readonly kind: 'stop'; readonly program: Program };

/** What of the programs runs in a local runner; training is started by `train` and `evaluate`. */
const runsHere = (program: Program): boolean => order.includes(program.kind);

/**
 * What to do to get from the programs that run to those that are wanted: first what stops, then the rest in the order
 * of a cycle. A program that failed is started anew even where nothing changed.
 */
export const planChanges = (
  current: readonly Program[],
  wanted: readonly Program[],
  failed: ReadonlySet<string>,
): readonly Change[] => {
  const here = wanted.filter(runsHere).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const gone = current.filter(({ name }) => !here.some((program) => program.name === name));
  const changeTo = (program: Program): Change => {
    const before = current.find(({ name }) => name === program.name);
    if (before === undefined || failed.has(program.name)) return { kind: 'start', program };
    return { kind: before.revision === program.revision ? 'keep' : 'update', program };
  };
  return [...gone.map((program): Change => ({ kind: 'stop', program })), ...here.map(changeTo)];
};
