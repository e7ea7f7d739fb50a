import { z } from 'zod';
import { changeKey } from './shared/field.ts';
import { type StructuralSchema, withDefaults } from './structural-schema.ts';

type Override = Parameters<NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>>[0];
type Json = Readonly<Record<string, unknown>>;

/** What a schema says that Kubernetes cannot take. A bug in a kind: found when the CRDs are generated. */
class NotStructuralError extends Error {
  override readonly name = 'NotStructuralError';
  constructor(path: string, reason: string) {
    super(`Cannot write the schema of ${path}: ${reason}`);
  }
}

const kept = new Set([
  ...['type', 'format', 'description', 'default', 'nullable', 'enum', 'pattern', 'required'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
  ...['x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-map-type'],
  ...['x-kubernetes-int-or-string', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-validations'],
]);
const descended = new Set(['properties', 'items', 'additionalProperties']);
const dropped = new Set(['$schema', changeKey]);
const formats = new Set(['int32', 'int64', 'float', 'double', 'date-time', 'byte']);

/** The input side of a zod schema as a structural schema. */
export const structuralSchema = (schema: z.core.$ZodType, path: string): StructuralSchema =>
  structural(z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', override: refuseLostDefault }) as Json, path);

/** A default is of the output side; where it is a parsed value, zod cannot write it and leaves it out. */
const refuseLostDefault = ({ zodSchema, jsonSchema, path }: Override): void => {
  if (zodSchema._zod.def.type !== 'default' || jsonSchema.default !== undefined) return;
  throw new NotStructuralError(path.join('.'), 'its default is a parsed value, use prefault');
};

const structural = (node: Json, path: string): StructuralSchema => {
  const intOrString = node['x-kubernetes-int-or-string'] === true;
  const { anyOf: cases, ...rest } = node;
  // The two cases of an int-or-string are said by the extension; no other junctor may stay.
  const known = intOrString && cases !== undefined ? rest : node;
  for (const key of Object.keys(known)) refuseKey(key, path);
  refuseUntyped(known, path);
  refuseUnbounded(known, path);
  refuseList(known, path);
  refuseValues(known, path);
  return withWholeDefault({ ...valuesOf(known), ...childrenOf(known, path) });
};

/** The API server checks rules on a default as it stands, before the defaults below it are filled in. */
const withWholeDefault = (schema: StructuralSchema): StructuralSchema =>
  schema['default'] === undefined || !hasRules(schema)
    ? schema
    : { ...schema, default: withDefaults(schema, schema['default']) };

const hasRules = ({ properties = {}, items, additionalProperties, ...own }: StructuralSchema): boolean =>
  own['x-kubernetes-validations'] !== undefined ||
  [...Object.values(properties), items, additionalProperties].some((child) => child !== undefined && hasRules(child));

const refuseKey = (key: string, path: string): void => {
  if (kept.has(key) || descended.has(key) || dropped.has(key)) return;
  const junctor = ['anyOf', 'oneOf', 'allOf', 'not'].includes(key);
  throw new NotStructuralError(
    path,
    junctor
      ? `it is a junction (${key}), a union by presence is needed: one optional field for each case, and exactlyOne`
      : `Kubernetes does not take ${JSON.stringify(key)}`,
  );
};

const refuseUntyped = (node: Json, path: string): void => {
  const untyped = node['x-kubernetes-int-or-string'] === true || node['x-kubernetes-preserve-unknown-fields'] === true;
  if (node['type'] === undefined && !untyped) throw new NotStructuralError(path, 'it has no type, one is needed');
  if (node['properties'] === undefined || !isSchema(node['additionalProperties'])) return;
  if (node['x-kubernetes-preserve-unknown-fields'] === true) return;
  throw new NotStructuralError(path, 'it has properties and additionalProperties, Kubernetes takes one of them');
};

/** CEL's cost is estimated from these bounds; without them the API server assumes the worst and refuses the rule. */
const refuseUnbounded = (node: Json, path: string): void => {
  const missing = (bound: string) =>
    new NotStructuralError(path, `it has no ${bound}, one is needed for the cost of rules`);
  const closed = node['enum'] !== undefined || node['format'] === 'date-time';
  if (node['type'] === 'string' && !closed && node['maxLength'] === undefined) throw missing('maxLength');
  if (node['type'] === 'array' && node['maxItems'] === undefined) throw missing('maxItems');
  const isMap = isSchema(node['additionalProperties']) && node['x-kubernetes-preserve-unknown-fields'] !== true;
  if (isMap && node['maxProperties'] === undefined) throw missing('maxProperties');
};

const refuseList = (node: Json, path: string): void => {
  if (node['type'] !== 'array') return;
  if (!isSchema(node['items'])) throw new NotStructuralError(path, 'it is a tuple, a list of one shape is needed');
  const type = node['x-kubernetes-list-type'];
  if (type === undefined)
    throw new NotStructuralError(path, 'it has no x-kubernetes-list-type, use listOf, setOf or listByName');
  refuseEmptySet(node, path);
  if (type !== 'map') return;
  const { properties = {}, required = [] } = node['items'] as StructuralSchema;
  for (const key of (node['x-kubernetes-list-map-keys'] ?? []) as readonly string[]) {
    const item = properties[key];
    if (item !== undefined && (required.includes(key) || item['default'] !== undefined)) continue;
    throw new NotStructuralError(path, `its items need ${JSON.stringify(key)}, by which they are told apart`);
  }
};

/**
 * Where somebody wrote `{}` around a set that is empty by default, and another field has a default too, each second server-side apply
 * takes the whole object away, and the next brings it back (seen with 1.34).
 */
const refuseEmptySet = (node: Json, path: string): void => {
  const { default: preset, 'x-kubernetes-list-type': type } = node;
  if (type !== 'set' || !Array.isArray(preset) || preset.length > 0) return;
  throw new NotStructuralError(path, 'it is a set that is empty by default, use listOf or leave out the default');
};

const refuseValues = (node: Json, path: string): void => {
  const { pattern, format, enum: words } = node;
  // Nobody types a status by hand.
  if (Array.isArray(words) && !path.startsWith('status')) for (const word of words) refuseWord(word, path);
  if (typeof pattern === 'string' && /\(\?(=|!|<=|<!)|\\[1-9]/.test(pattern)) {
    throw new NotStructuralError(path, `its pattern ${pattern} looks around or back, RE2 knows neither`);
  }
  if (format !== undefined && !formats.has(String(format))) {
    throw new NotStructuralError(path, `Kubernetes knows no format ${JSON.stringify(format)}`);
  }
};

/** What YAML 1.1, which kubectl reads, takes for something else than text. */
const refuseWord = (word: unknown, path: string): void => {
  if (!/^(y|n|yes|no|on|off|true|false|null|~)$/i.test(String(word))) return;
  throw new NotStructuralError(path, `YAML 1.1 does not read ${JSON.stringify(word)} as text, another word is needed`);
};

const isSchema = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const valuesOf = (node: Json): Json => {
  const values = Object.entries(node).filter(([key, value]) => kept.has(key) && !isSafeBound(key, value));
  const isInteger = node['type'] === 'integer' && node['format'] === undefined;
  return { ...Object.fromEntries(values), ...(isInteger ? { format: 'int64' } : {}) };
};

/** zod bounds every integer by what a double holds exactly. */
const isSafeBound = (key: string, value: unknown): boolean =>
  (key === 'minimum' && value === Number.MIN_SAFE_INTEGER) || (key === 'maximum' && value === Number.MAX_SAFE_INTEGER);

const childrenOf = (node: Json, path: string): Json => {
  const children: Record<string, unknown> = {};
  const { properties, items, additionalProperties } = node;
  if (isSchema(properties) && Object.keys(properties).length > 0) {
    const entries = Object.entries(properties as Readonly<Record<string, Json>>);
    for (const [name] of entries) refuseWord(name, `${path}.${name}`);
    children['properties'] = Object.fromEntries(
      entries.map(([name, child]) => [name, structural(child, `${path}.${name}`)]),
    );
  }
  if (isSchema(items)) children['items'] = structural(items, `${path}[]`);
  if (isSchema(additionalProperties) && node['x-kubernetes-preserve-unknown-fields'] !== true) {
    children['additionalProperties'] = structural(additionalProperties, `${path}{}`);
  }
  return children;
};
