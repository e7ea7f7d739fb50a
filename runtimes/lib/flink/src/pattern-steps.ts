import type { Refusals } from './refusals.ts';
import type { FlinkStep } from './window.ts';

/** A variable of `MATCH_RECOGNIZE`: the events that stand at one place of the sequence. */
export interface Variable {
  readonly name: string;
  readonly quantifier: '' | '*?' | `{${string}}?`;
  /** What its event must be. */
  readonly condition: string;
  /** Which of its events are part of the match: all, none, or those where a column holds. */
  readonly takes: 'all' | 'none' | { readonly where: string };
}

/** SQL about an event, which is called by the variable that it would be taken for. */
type Condition = (event: string) => string;

/** A step that takes events, with the steps that must not come before it, as columns that are never NULL. */
interface Step {
  readonly i: number;
  readonly column: string;
  readonly min: number;
  readonly max: number;
  readonly strict: boolean;
  readonly without: readonly string[];
}

/** Whether an event matches the step with this number. */
export const stepColumn = (i: number): string => `step_${i}`;

/** Each is a state of Flink's automaton, with code of its own. */
const mostVariables = 64;

/**
 * The automaton of `pattern/steps.ts` in @groundswell/windowing as variables that exclude one another: an event fits one
 * at most, so that Flink, which tries all ways, has one (docs/decisions/098).
 */
export const variablesOf = (sequence: readonly FlinkStep[], { refuse }: Refusals): readonly Variable[] => {
  const path = ['window', 'pattern', 'sequence'];
  if (sequence.at(-1)?.absent === true)
    refuse([...path, sequence.length - 1, 'absent'], 'its matches end with an event, put a step behind this one');
  const steps = stepsOf(sequence);
  const variables: Variable[] = [];
  let entry: readonly Condition[] = [];
  for (const [i, step] of steps.entries()) {
    const { own, exit } = variablesOfStep(step, steps[i + 1]);
    variables.push(variable(`s${step.i}_1`, '', [matches(step), ...entry]), ...own);
    entry = exit;
  }
  if (variables.length > mostVariables)
    refuse(path, `it would need ${variables.length} variables, ${mostVariables} are supported, write fewer times`);
  return variables;
};

const stepsOf = (sequence: readonly FlinkStep[]): readonly Step[] => {
  const steps: Step[] = [];
  let without: string[] = [];
  for (const [i, { absent, min, max, strict }] of sequence.entries()) {
    if (absent) without.push(stepColumn(i));
    else {
      steps.push({ i, column: stepColumn(i), min, max, strict, without });
      without = [];
    }
  }
  return steps;
};

const variable = (
  name: string,
  quantifier: Variable['quantifier'],
  conditions: readonly Condition[],
  takes: Variable['takes'] = 'all',
): Variable => ({ name, quantifier, condition: conditions.map((one) => one(name)).join(' AND '), takes });

const matches =
  ({ column }: Pick<Step, 'column'>): Condition =>
  (event) =>
    `${event}.${column}`;
const not =
  (condition: Condition): Condition =>
  (event) =>
    `NOT ${condition(event)}`;
const either =
  (...conditions: readonly Condition[]): Condition =>
  (event) =>
    `(${conditions.map((one) => one(event)).join(' OR ')})`;
const noneOf = (columns: readonly string[]): readonly Condition[] => columns.map((column) => not(matches({ column })));

interface StepVariables {
  /** Behind its first event. */
  readonly own: readonly Variable[];
  /** What the first event of the next step must be, besides matching it. */
  readonly exit: readonly Condition[];
}

const variablesOfStep = (step: Step, next: Step | undefined): StepVariables => {
  const { i, strict, min, max } = step;
  // The last step takes no more than it needs.
  const more = next === undefined ? 0 : max - min;
  const required = strict ? [] : requiredOf(step);
  if (next === undefined || more === 0) {
    const repeated = strict && min > 1 ? [variable(`r${i}`, `{${min - 1}}?`, [matches(step)])] : [];
    const without = noneOf(next?.without ?? []);
    const gap =
      next === undefined || next.strict ? [] : [variable(`g${i}`, '*?', [not(matches(next)), ...without], 'none')];
    return { own: [...required, ...repeated, ...gap], exit: without };
  }
  const repeating = strict ? repeatingStrictly(step, next) : repeatingRelaxed(step, next);
  return { own: [...required, ...repeating.own], exit: repeating.exit };
};

/** The events that a relaxed step needs besides its first, each with what is skipped before it. */
const requiredOf = (step: Step): readonly Variable[] =>
  Array.from({ length: step.min - 1 }, (_, i) => [
    variable(`g${step.i}_${i + 1}`, '*?', [not(matches(step))], 'none'),
    variable(`s${step.i}_${i + 2}`, '', [matches(step)]),
  ]).flat();

/** Repeats stop for good at the first other event; until then the step comes before the next one. */
const repeatingStrictly = (step: Step, next: Step): StepVariables => {
  const [repeats, gap] = [`r${step.i}`, `g${step.i}`];
  const isFull: Condition = () => `COUNT(${repeats}.\`at\`) = ${step.max - 1}`;
  const isAmongMost: Condition = () => `COUNT(${repeats}.\`at\`) < ${step.max}`;
  const without = noneOf(next.without);
  const own = [
    variable(repeats, step.min === 1 ? '*?' : `{${step.min - 1},${step.max - 1}}?`, [matches(step), isAmongMost]),
  ];
  const over = [not(matches(step)), isFull];
  if (next.strict) return { own, exit: [...without, either(...over)] };
  // The event itself is counted, too.
  const isBehindGap: Condition = () => `COUNT(${gap}.\`at\`) > 1`;
  own.push(variable(gap, '*?', [not(matches(next)), ...without, either(...over, isBehindGap)], 'none'));
  return { own, exit: [...without, either(...over, () => `COUNT(${gap}.\`at\`) > 0`)] };
};

/** Repeats and what is skipped between them are of one variable, as SQL has no groups; then what is skipped behind them. */
const repeatingRelaxed = (step: Step, next: Step): StepVariables => {
  const [repeats, gap] = [`r${step.i}`, `g${step.i}`];
  const taken = `COALESCE(SUM(CASE WHEN ${repeats}.${step.column} THEN 1 ELSE 0 END), 0)`;
  const isFull: Condition = () => `${taken} = ${step.max - step.min}`;
  const wasNotFull: Condition = (event) =>
    `${taken} - CASE WHEN ${matches(step)(event)} THEN 1 ELSE 0 END < ${step.max - step.min}`;
  const without = noneOf(next.without);
  const isAtOnce =
    (back: string): Condition =>
    () =>
      `COALESCE(LAST(${repeats}.${step.column}${back}), TRUE)`;
  // The event itself is the last of its variable.
  const goesOn: Condition = next.strict
    ? (event) => `(${matches(next)(event)} AND ${isAtOnce(', 1')(event)})`
    : matches(next);
  const skipped: Condition = (event) => [not(goesOn), ...without].map((one) => one(event)).join(' AND ');
  const own = [variable(repeats, '*?', [either(matches(step), skipped), wasNotFull], { where: step.column })];
  const over = either(not(matches(step)), isFull);
  if (next.strict) return { own, exit: [...without, over, isAtOnce('')] };
  own.push(variable(gap, '*?', [not(matches(next)), ...without, isFull], 'none'));
  return { own, exit: [...without, over] };
};
