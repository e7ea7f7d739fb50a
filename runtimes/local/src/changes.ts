import type { Program } from '@groundswell/graph';

/** The order of the programs within a cycle. Docs: docs/decisions/002-steps-not-loops.md. */
const order: readonly Program['kind'][] = [
  'trainer',
  'ingest',
  'scorer',
  'window',
  'rollout',
  'alerter',
  'feed',
  'recommend',
  'api',
];

export type Change =
  | { readonly kind: 'keep' | 'update' | 'start'; readonly program: Program }
  | { readonly kind: 'stop'; readonly program: Program };

/**
 * What to do to get from the programs that run to those that are wanted: first what stops, then the rest in the order
 * of a cycle. A program that failed is started anew even where nothing changed.
 */
export const planChanges = (
  current: readonly { readonly program: Program; readonly failure: string | undefined }[],
  wanted: readonly Program[],
): readonly Change[] => {
  const here = [...wanted].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const gone = current.filter(({ program }) => !here.some(({ name }) => name === program.name));
  const changeTo = (program: Program): Change => {
    const before = current.find((unit) => unit.program.name === program.name);
    if (before === undefined || before.failure !== undefined) return { kind: 'start', program };
    return { kind: before.program.revision === program.revision ? 'keep' : 'update', program };
  };
  return [...gone.map(({ program }): Change => ({ kind: 'stop', program })), ...here.map(changeTo)];
};
