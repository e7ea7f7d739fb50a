import { compileCel, compilePredicate } from '@groundswell/cel';
import {
  type Aggregation as AggregationSpec,
  eventEnvironment,
  type Sink,
  type WindowProgram,
} from '@groundswell/graph';
import type { Aggregation, KeyField, WindowerOptions } from '@groundswell/windowing';
import type { SocialEvent } from '@groundswell/wire';
import { namesWindow } from './sinks/template.ts';

/** The program's windower, with its expressions compiled. @throws CelError for one that does not compile */
export const windowerOptionsOf = (program: WindowProgram): WindowerOptions<SocialEvent> => {
  const { shape, head, emit, allowedLatenessMs, watermark, input, key, aggregations, sinks } = program;
  const compiler = createCompiler();
  return {
    ...{ shape, head, allowedLatenessMs },
    emit: emit === 'OnChange' && sinks.every(keepsNewest) ? 'Newest' : emit,
    maxOutOfOrdernessMs: watermark.maxOutOfOrdernessMs,
    idleTimeoutMs: watermark.idleTimeoutMs,
    timeOf: ({ at }) => at,
    where: input.where === undefined ? undefined : compiler.condition(input.where),
    keys: key.map(keyFieldOf),
    aggregations: aggregations.map((aggregation) => aggregationOf(aggregation, compiler)),
  };
};

/** Nobody can see what the sink held between two writes of one step. */
const keepsNewest = (sink: Sink): boolean => sink.kind === 'hash' && !namesWindow(sink.key);

interface Compiler {
  condition(source: string): (event: SocialEvent) => boolean;
  value(source: string): (event: SocialEvent) => unknown;
}

/** All expressions look at one scope, so that none is made for each event. */
const createCompiler = (): Compiler => {
  const scope: { event: SocialEvent | undefined } = { event: undefined };
  return {
    condition: (source) => {
      const holds = compilePredicate(source, eventEnvironment);
      return (event) => {
        scope.event = event;
        return holds(scope);
      };
    },
    value: (source) => {
      const run = compileCel(source, eventEnvironment);
      return (event) => {
        scope.event = event;
        return run(scope);
      };
    },
  };
};

const aggregationOf = (spec: AggregationSpec, compiler: Compiler): Aggregation<SocialEvent> => {
  const shared = { name: spec.name, ...(spec.where !== undefined && { where: compiler.condition(spec.where) }) };
  switch (spec.kind) {
    case 'count':
      return { ...shared, kind: spec.kind };
    case 'weightedSum':
      return { ...shared, kind: spec.kind, by: compiler.value(spec.by), weights: spec.weights };
    case 'sum':
    case 'avg':
    case 'stddev':
    case 'min':
    case 'max':
    case 'distinct':
    case 'first':
    case 'last':
      return { ...shared, kind: spec.kind, of: compiler.value(spec.field) };
  }
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
