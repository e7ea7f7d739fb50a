import { compileCel, compilePredicate, referencesOf } from '@groundswell/cel';
import type { AlertRule } from '@groundswell/graph';
import type { Prediction } from '@groundswell/wire';

/** What an expression of a rule sees. */
export interface Scope {
  readonly prediction: Prediction;
  /** The post's card, `age` in ms and `reposts`, as far as they are known. */
  readonly post: Readonly<Record<string, unknown>>;
  /** Newest values by window. */
  readonly windows: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Fields of a post that its predictions carry. */
const ofPredictions = ['post_id', 'author_id', 'posted_at', 'age'];

/** Whether a rule looks at what only the card of a post says. */
export const readsCard = ({ when, until = 'true', once, group }: AlertRule): boolean =>
  [when, until, once.key, group?.by ?? 'true'].some((source) =>
    referencesOf(source).paths.some(
      ({ path: [variable, field = ''] }) => variable === 'post' && !ofPredictions.includes(field),
    ),
  );

/** A rule, ready to run. */
export interface Rule extends Omit<AlertRule, 'when' | 'until' | 'once' | 'group'> {
  when(scope: Scope): boolean;
  /** Whether an alert that fires is over. */
  ends(scope: Scope): boolean;
  keyOf(scope: Scope): string;
  groupOf(scope: Scope): string | undefined;
  readonly withinMs: number;
  readonly waitMs: number;
}

const environment = { variables: ['prediction', 'post', 'windows'] };

/** A text for each value; undefined where there is none. */
const createText = (source: string): ((scope: Scope) => string | undefined) => {
  const run = compileCel(source, environment);
  return (scope) => {
    const value = run(scope as unknown as Readonly<Record<string, unknown>>);
    if (value === undefined || value === null) return undefined;
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
};

/** @throws CelError for an expression that does not compile */
export const createRule = ({ when, until, once, group, ...rest }: AlertRule): Rule => {
  const predicateOf = (source: string) => {
    const holds = compilePredicate(source, environment);
    return (scope: Scope): boolean => holds(scope as unknown as Readonly<Record<string, unknown>>);
  };
  const holds = predicateOf(when);
  const isOver = until === undefined ? undefined : predicateOf(until);
  const key = createText(once.key);
  const groupBy = group === undefined ? undefined : createText(group.by);
  return {
    ...rest,
    when: holds,
    ends: isOver ?? ((scope) => !holds(scope)),
    // A key that cannot be computed must not join what has nothing to do with each other.
    keyOf: (scope) => key(scope) ?? scope.prediction.post_id,
    groupOf: (scope) => (groupBy === undefined ? undefined : (groupBy(scope) ?? '')),
    withinMs: once.withinMs,
    waitMs: group?.waitMs ?? 0,
  };
};
