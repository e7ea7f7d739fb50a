import { compileCel, compilePredicate } from '@groundswell/cel';
import { labelEnvironment, type Sink, type WindowProgram } from '@groundswell/graph';
import type { KeyField, WindowerOptions } from '@groundswell/windowing';
import type { SocialEvent } from '@groundswell/wire';
import { aggregationsOf, type Compiler } from './aggregations.ts';
import { namesWindow } from './sinks/template.ts';

/** The program's windower, with its expressions compiled. @throws CelError for one that does not compile */
export const windowerOptionsOf = (program: WindowProgram): WindowerOptions<SocialEvent> => {
  const { shape, head, emit, allowedLatenessMs, watermark, input, key, sinks } = program;
  const compiler = createCompiler();
  return {
    ...{ shape: shapeOf(shape, compiler), head, allowedLatenessMs },
    emit: emit === 'OnChange' && sinks.every(keepsNewest) ? 'Newest' : emit,
    maxOutOfOrdernessMs: watermark.maxOutOfOrdernessMs,
    idleTimeoutMs: watermark.idleTimeoutMs,
    timeOf: ({ at }) => at,
    where: input.where === undefined ? undefined : compiler.condition(input.where),
    keys: key.map(keyFieldOf),
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

const shapeOf = (shape: WindowProgram['shape'], { condition }: Compiler): WindowerOptions<SocialEvent>['shape'] => {
  if (shape.kind !== 'pattern') return shape;
  return { ...shape, sequence: shape.sequence.map((step) => ({ ...step, where: condition(step.where) })) };
};

/** All expressions look at one scope, so that none is made for each event. */
const createCompiler = (): Compiler => {
  const scope: { event: SocialEvent | undefined } = { event: undefined };
  return {
    condition: (source) => {
      const holds = compilePredicate(source, labelEnvironment);
      return (event) => {
        scope.event = event;
        return holds(scope);
      };
    },
    value: (source) => {
      const run = compileCel(source, labelEnvironment);
      return (event) => {
        scope.event = event;
        return run(scope);
      };
    },
  };
};

/** A field by its path: `post_id`, `user.name`, `attributes.city`. */
const keyFieldOf = (path: string): KeyField<SocialEvent> => {
  const [first, ...rest] = path.split('.');
  const name = first as keyof SocialEvent;
  if (rest.length === 0) return (event) => event[name];
  return (event) => rest.reduce<unknown>(memberOf, event[name]);
};

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
