import { CelError, referencesOf, suggest } from '@groundswell/cel';
import type { ScoringModel } from '@groundswell/crds';
import { eventEnvironment, featureEnvironment, featureVariables } from '../environments.ts';
import type { Path } from '../problem.ts';
import type { Feature, FeatureSource } from '../programs/index.ts';
import { isList } from './aggregations.ts';
import type { ModelReading, PartContext } from './context.ts';
import { hashTemplateOf, namesIn } from './sinks.ts';
import { isJoinedField, keyName } from './window-key.ts';

type Written = ScoringModel['spec']['features'][number];
type WindowFeature = NonNullable<Written['window']>;

const types = { Float: 'float', Int: 'int', Bool: 'bool' } as const;

export const compileFeatures = (reading: ModelReading, context: PartContext): Feature[] => {
  const inCircles = refuseCircles(reading);
  return reading.spec.features.flatMap((written, i) => {
    checkName(reading, written.name, i);
    const parts: FeatureParts = { reading, context, path: ['features', i], inCircles };
    const source = sourceOf(parts, written, i);
    // Read also where there is no source yet: its window may come, and nothing is wrong with the rest.
    const { name, default: whenMissing, type, hidden } = written;
    if (source === undefined) return [];
    return [
      { name, ...(whenMissing === undefined ? {} : { default: whenMissing }), type: types[type], source, hidden },
    ];
  });
};

interface FeatureParts {
  readonly reading: ModelReading;
  readonly context: PartContext;
  readonly path: Path;
  /** Names of features that are refused already. */
  readonly inCircles: ReadonlySet<string>;
}

const checkName = ({ refuse }: ModelReading, name: string, i: number): void => {
  if (featureVariables.includes(name))
    refuse(
      ['features', i, 'name'],
      `Cannot name a feature ${JSON.stringify(name)}: expressions have that name already, another one is needed`,
    );
};

const sourceOf = (parts: FeatureParts, written: Written, i: number): FeatureSource | undefined => {
  const { reading, path, inCircles } = parts;
  const { event, window, expression, maxStaleness, name } = written;
  if (event !== undefined)
    return { kind: 'expression', expression: reading.expression([...path, 'event'], event, eventEnvironment) };
  if (window !== undefined) return windowSource(parts, window, maxStaleness);
  if (expression === undefined) {
    reading.notYet([...path, 'offline'], 'use a window');
    return undefined;
  }
  const before = reading.spec.features.slice(0, i).map((feature) => feature.name);
  if (!inCircles.has(name) && !refuseLater(parts, expression, { before, i }))
    reading.expression([...path, 'expression'], expression, featureEnvironment(before));
  return { kind: 'expression', expression };
};

/** Says of a feature that is declared further down that it comes too late, instead of that it is unknown. */
const refuseLater = (
  { reading, path }: FeatureParts,
  expression: string,
  { before, i }: { readonly before: readonly string[]; readonly i: number },
): boolean => {
  const after = reading.spec.features.slice(i).map(({ name }) => name);
  const later = variablesOf(expression).find((name) => after.includes(name) && !before.includes(name));
  if (later === undefined) return false;
  reading.refuse(
    [...path, 'expression'],
    `Cannot compute the feature: it uses "${later}", which comes after it, move that one before it`,
  );
  return true;
};

/** Variables of an expression; none where it does not parse, which is said elsewhere. */
const variablesOf = (expression: string): readonly string[] => {
  try {
    return referencesOf(expression).paths.map(({ path }) => path[0]);
  } catch (error) {
    if (error instanceof CelError) return [];
    throw error;
  }
};

/** Features that need each other: each says the way around. */
const refuseCircles = ({ spec, refuse }: ModelReading): ReadonlySet<string> => {
  const uses = new Map(
    spec.features.map(({ name, expression }) => [name, expression === undefined ? [] : variablesOf(expression)]),
  );
  const inCircles = new Set<string>();
  spec.features.forEach(({ name }, i) => {
    const way = wayBack(name, uses);
    if (way === undefined) return;
    inCircles.add(name);
    refuse(
      ['features', i, 'expression'],
      `Cannot compute the feature: it needs itself (${way.join(' → ')}), one of them must do without`,
    );
  });
  return inCircles;
};

/** The shortest way from a feature to itself. */
const wayBack = (start: string, uses: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined => {
  const seen = new Set<string>();
  const ways: (readonly [string, ...string[]])[] = [[start]];
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const next of uses.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return [...way, next];
      if (seen.has(next) || !uses.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
};

const windowSource = (
  { reading, context, path }: FeatureParts,
  { ref, field, key, combine }: WindowFeature,
  maxStaleness: number | undefined,
): FeatureSource | undefined => {
  const at: Path = [...path, 'window'];
  const values = key?.map((source, i) => reading.expression([...at, 'key', i], source, eventEnvironment));
  const window = context.windows.get(ref.name);
  if (window === undefined) return undefined;
  const names = window.aggregations.map(({ name }) => name);
  if (!names.includes(field))
    reading.refuse(
      [...at, 'field'],
      `Cannot read ${JSON.stringify(field)} of the window "${ref.name}": it has no such aggregation, ${suggest(field, names)}`,
    );
  const found = window.aggregations.find(({ name }) => name === field);
  if (found !== undefined && isList(found))
    reading.refuse(
      [...at, 'field'],
      `Cannot use ${JSON.stringify(field)} of the window "${ref.name}" as a feature: it is a list, a number is needed`,
    );
  const hash = hashTemplateOf(ref.name, window);
  if (hash === undefined)
    reading.refuse(
      at,
      `Cannot read the window "${ref.name}": it writes no hash that is found by its key alone, add a redis.hash sink to it`,
    );
  if (values !== undefined && values.length !== window.key.length)
    reading.refuse(
      [...at, 'key'],
      `Cannot find the values of the window "${ref.name}": ${values.length} parts of the key are given, it has ${window.key.length} (${window.key.join(', ')})`,
    );
  const joined = window.key.find((part) => isJoinedField(window, part));
  if (values === undefined && joined !== undefined)
    reading.refuse(
      at,
      `Cannot find the values of the window "${ref.name}": its key has "${joined}", which is of a table and not of the event, give key`,
    );
  const parts = window.key.map((part, i) => ({ name: keyName(part), value: values?.[i] ?? `event.${part}` }));
  if (hash === undefined) return undefined;
  const used = namesIn(hash);
  return {
    kind: 'window',
    window: ref.name,
    hash,
    field,
    key: parts.filter(({ name }) => used.includes(name)),
    combine,
    ...(maxStaleness === undefined ? {} : { maxStalenessMs: maxStaleness }),
  };
};
