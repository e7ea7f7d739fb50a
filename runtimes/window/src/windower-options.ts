import { compileCel, compilePredicate } from '@groundswell/cel';
import { joinedEnvironment, labelEnvironment, type Sink, type WindowProgram } from '@groundswell/graph';
import type { KeyField, WindowerOptions } from '@groundswell/windowing';
import { aggregationsOf, type Compiler } from './aggregations.ts';
import type { WindowEvent } from './join/window-event.ts';
import { namesWindow } from './sinks/template.ts';

/** The program's windower, with its expressions compiled. @throws CelError for one that does not compile */
export const windowerOptionsOf = (program: WindowProgram): WindowerOptions<WindowEvent> => {
  const { shape, head, emit, allowedLatenessMs, watermark, key, sinks } = program;
  const compiler = createCompiler(namesOfJoins(program));
  return {
    ...{ shape: shapeOf(shape, compiler), head, allowedLatenessMs },
    emit: emit === 'OnChange' && sinks.every(keepsNewest) ? 'Newest' : emit,
    maxOutOfOrdernessMs: watermark.maxOutOfOrdernessMs,
    idleTimeoutMs: watermark.idleTimeoutMs,
    timeOf: ({ at }) => at,
    where: conditionOf(program, compiler),
    keys: key.map((path) => keyFieldOf(program, path)),
    aggregations: aggregationsOf(program, compiler),
  };
};

/** Nobody can see what the sink held between two writes of one step. */
const keepsNewest = (sink: Sink): boolean => {
  switch (sink.kind) {
    case 'hash':
    case 'list':
    case 'counter':
      return !namesWindow(sink.key);
    case 'sortedSet':
      return !namesWindow(sink.key + sink.member);
    case 'series':
    case 'tags':
    case 'topic':
      return false;
  }
};

const shapeOf = (shape: WindowProgram['shape'], { condition }: Compiler): WindowerOptions<WindowEvent>['shape'] => {
  if (shape.kind !== 'pattern') return shape;
  return { ...shape, sequence: shape.sequence.map((step) => ({ ...step, where: condition(step.where) })) };
};

const namesOfJoins = ({ joins = [] }: WindowProgram): readonly string[] => joins.map(({ name }) => name);

/** Which events are taken: those of which no row is missing that they must have. */
const conditionOf = (
  { input, joins = [] }: WindowProgram,
  compiler: Compiler,
): WindowerOptions<WindowEvent>['where'] => {
  const holds = input.where === undefined ? undefined : compiler.condition(input.where);
  const needed = joins.filter(({ whenMissing }) => whenMissing === 'Drop').map(({ name }) => name);
  if (needed.length === 0) return holds;
  return (event) => needed.every((name) => (event.rows?.[name] ?? null) !== null) && (holds?.(event) ?? true);
};

/** All expressions look at one scope, so that none is made for each event. */
const createCompiler = (joins: readonly string[]): Compiler => {
  const environment = joinedEnvironment(joins, labelEnvironment);
  const scope: Record<string, unknown> = {};
  const look = (event: WindowEvent): typeof scope => {
    scope['event'] = event;
    for (const name of joins) scope[name] = event.rows?.[name] ?? null;
    return scope;
  };
  return {
    condition: (source) => {
      const holds = compilePredicate(source, environment);
      return (event) => holds(look(event));
    },
    value: (source) => {
      const run = compileCel(source, environment);
      return (event) => run(look(event));
    },
  };
};

/** A field by its path: `post_id`, `user.name`, `attributes.city`; of a joined row, `item.category`. */
const keyFieldOf = (program: WindowProgram, path: string): KeyField<WindowEvent> => {
  const [first = '', ...rest] = path.split('.');
  if (namesOfJoins(program).includes(first))
    return ({ rows }) => rest.reduce<unknown>(memberOf, rows?.[first] ?? undefined);
  const name = first as keyof WindowEvent;
  if (rest.length === 0) return (event) => event[name];
  return (event) => rest.reduce<unknown>(memberOf, event[name]);
};

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
