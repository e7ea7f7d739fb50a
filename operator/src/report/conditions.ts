import type { Condition } from '@groundswell/crds';

/** A condition before it is known since when it holds. */
export type Finding = Omit<Condition, 'lastTransitionTime' | 'observedGeneration'>;

/** The conditions of a resource, each with the time since when its status holds. */
export const conditionsOf = (
  findings: readonly Finding[],
  {
    before,
    generation,
    now,
  }: { readonly before: readonly Condition[]; readonly generation: number; readonly now: string },
): readonly Condition[] =>
  findings.map((finding) => {
    const known = before.find(({ type }) => type === finding.type);
    return {
      ...finding,
      message: finding.message.slice(0, 32_000),
      observedGeneration: generation,
      lastTransitionTime: known?.status === finding.status ? known.lastTransitionTime : now,
    };
  });

/** Those that others sum up are left out: one fact, one Event. */
const told = ['Ready', 'PartsReady', 'ReconciliationPaused', 'Conserved', 'Stable', 'DefinitionInForce'];

/** A change that users want to hear of: another status, or the same for another reason. */
export interface Transition {
  readonly condition: Condition;
  readonly isWell: boolean;
}

export const transitionsOf = (before: readonly Condition[], after: readonly Condition[]): readonly Transition[] =>
  after
    .filter((condition) => {
      if (!told.includes(condition.type)) return false;
      const known = before.find(({ type }) => type === condition.type);
      return known?.status !== condition.status || known.reason !== condition.reason;
    })
    .map((condition) => ({ condition, isWell: condition.status === 'True' }));
