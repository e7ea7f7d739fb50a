import { Environment } from '@marcbachmann/cel-js';
import type { StructuralSchema } from '../src/structural-schema.ts';

// The part of the API server that the parser must agree with: rules in CEL, on values that have their defaults.

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As CEL sees it: integers are int, other numbers double. */
const forCel = (schema: StructuralSchema, value: unknown): unknown => {
  const { properties = {}, items, additionalProperties } = schema;
  if (Array.isArray(value)) return items === undefined ? value : value.map((item) => forCel(items, item));
  if (typeof value === 'number') return schema.type === 'integer' ? BigInt(value) : value;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, forCel(properties[name] ?? additionalProperties ?? {}, child)]),
  );
};

const environment = new Environment({ unlistedVariablesAreDyn: true })
  // Kubernetes' own addition to CEL.
  .registerFunction('list<dyn>.sum(): double', (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0));

const programs = new Map<string, ReturnType<typeof environment.parse>>();
const programOf = (rule: string) => {
  const known = programs.get(rule);
  if (known !== undefined) return known;
  const program = environment.parse(rule);
  programs.set(rule, program);
  return program;
};

interface Validation {
  readonly rule: string;
  readonly message: string;
  readonly fieldPath?: string;
}

export interface Verdict {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
  readonly holds: boolean;
}

/** What every rule in a schema says of a value that has its defaults. */
export const verdictsOf = (schema: StructuralSchema, value: unknown, path = ''): readonly Verdict[] => {
  const { properties = {}, items, additionalProperties } = schema;
  const rules = (schema['x-kubernetes-validations'] ?? []) as readonly Validation[];
  const self = forCel(schema, value);
  const own = rules.map(({ rule, message, fieldPath = '' }) => ({
    path: path + fieldPath.replaceAll('.', '/'),
    rule,
    message,
    holds: programOf(rule)({ self }) === true,
  }));
  const below: (readonly Verdict[])[] = [];
  if (Array.isArray(value)) {
    if (items !== undefined) below.push(...value.map((item, i) => verdictsOf(items, item, `${path}/${i}`)));
  } else if (isObject(value)) {
    for (const [name, child] of Object.entries(value)) {
      const at = properties[name] ?? additionalProperties;
      if (at !== undefined) below.push(verdictsOf(at, child, `${path}/${name}`));
    }
  }
  return [...own, ...below.flat()];
};
