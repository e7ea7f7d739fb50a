import { compileCel } from '@groundswell/cel';
import type { SocialEvent } from '@groundswell/wire';
import type { Feature, HashRead, Moment } from './feature.ts';
import { featureFunctions } from './functions.ts';
import { createWindowValues, type WindowValues } from './window-values.ts';

/** A model's features, compiled. The stream, a request and a training row all get their vectors from here. */
export interface FeatureSet {
  /** Of the vector, in its order; hidden features are not among them. */
  readonly names: readonly string[];
  readonly width: number;
  /** A vector of which everything is missing: defaults, and NaN where there is none. */
  readonly missing: Float32Array;
  /** Windows that values are read of. */
  readonly read: readonly string[];
  /** Windows whose watermark decides whether a value is stale. */
  readonly windows: readonly string[];
  /** What a post needs of the store. The same for the same event. */
  reads(event: SocialEvent): readonly HashRead[];
  /** Writes `width` float32 values from `offset` on, NaN for what is missing. About 1 µs for 14 features without text functions. */
  vector(into: Float32Array, offset: number, moment: Moment): void;
}

/** Names that expressions already have. */
const taken: readonly string[] = ['event', 'at', 'age'];

/**
 * Compiles a list of features. An expression sees `event` (of the post), `at` and `age` (ms) and the features declared before it.
 *
 * @throws CelError for an expression that does not compile
 * @throws RangeError for a name that is there twice
 */
export const createFeatures = (features: readonly Feature[]): FeatureSet => {
  refuseTaken(features);
  const windowValues = createWindowValues(features);
  const steps = features.map((feature, index) => stepOf(feature, features.slice(0, index), windowValues));
  const visible = features.filter(({ hidden }) => !hidden);
  // One object for all rows keeps one shape; its features are overwritten in order, so no row sees another's.
  const scope: Record<string, unknown> = Object.fromEntries(
    [...taken, ...features.map(({ name }) => name)].map(absent),
  );

  return {
    names: visible.map(({ name }) => name),
    width: visible.length,
    missing: Float32Array.from(visible, ({ default: value = Number.NaN, type }) => convert(value, type)),
    read: windowValues.read,
    windows: windowValues.windows,
    reads: windowValues.reads,
    vector: (into, offset, moment) => {
      scope['event'] = moment.event;
      scope['at'] = moment.at;
      scope['age'] = moment.age;
      let position = offset;
      for (const { feature, compute } of steps) {
        const value = compute(scope, moment);
        scope[feature.name] = seenBy(value, feature.type);
        if (!feature.hidden) into[position++] = value;
      }
    },
  };
};

const absent = (name: string): [string, undefined] => [name, undefined];

const refuseTaken = (features: readonly Feature[]): void => {
  const names = new Set(taken);
  for (const { name } of features) {
    if (names.has(name))
      throw new RangeError(`Cannot compile features: the name "${name}" is taken, another one is needed`);
    names.add(name);
  }
};

type Compute = (scope: Readonly<Record<string, unknown>>, moment: Moment) => number;

interface Step {
  readonly feature: Feature;
  /** The feature's value, NaN when missing. A double: float32 only in the vector, so that later expressions keep precision. */
  readonly compute: Compute;
}

const stepOf = (feature: Feature, before: readonly Feature[], windowValues: WindowValues): Step => {
  const { type, default: whenMissing = Number.NaN } = feature;
  const raw = rawOf(feature, before, windowValues);
  const missing = convert(whenMissing, type);
  const compute: Compute = (scope, moment) => {
    const value = convert(raw(scope, moment), type);
    return Number.isNaN(value) ? missing : value;
  };
  return { feature, compute };
};

const rawOf = (feature: Feature, before: readonly Feature[], windowValues: WindowValues): Compute => {
  const { source } = feature;
  if (source.kind === 'window') {
    const read = windowValues.readerOf(feature);
    if (read === undefined) throw new Error(`Cannot compile feature "${feature.name}": its window was not compiled`);
    return (_scope, moment) => read(moment);
  }
  const run = compileCel(source.expression, {
    variables: [...taken, ...before.map(({ name }) => name)],
    functions: featureFunctions,
  });
  return (scope) => {
    const value = run(scope);
    if (typeof value === 'boolean') return value ? 1 : 0;
    return typeof value === 'number' ? value : Number.NaN;
  };
};

/** What float32 cannot hold is missing: the log of vectors is JSON, which has no infinity, and training must see what serving saw. */
const convert = (value: number, type: Feature['type']): number => {
  if (!Number.isFinite(Math.fround(value))) return Number.NaN;
  if (type === 'bool') return value === 0 ? 0 : 1;
  return type === 'int' ? Math.round(value) : value;
};

/** As later expressions see it: absent when missing. */
const seenBy = (value: number, type: Feature['type']): unknown => {
  if (Number.isNaN(value)) return undefined;
  return type === 'bool' ? value === 1 : value;
};
