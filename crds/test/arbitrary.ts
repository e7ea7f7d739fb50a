import fc from 'fast-check';
import type { StructuralSchema } from '../src/structural-schema.ts';

// Values that are likely to meet: names that are referred to, durations that divide one another, shares that add up.
const texts = [
  ...[
    'a',
    'b',
    'c',
    '0s',
    '1s',
    '10s',
    '1m',
    '90s',
    '1h',
    '25h',
    '1d',
    '3d',
    '250ms',
    '1500ms',
    'Max',
    '0.5',
    '1Gi',
    '0Ki',
  ],
  ...['a.example:9092', 'https://a.example/b', 'wss://a.example', 'host-{user_id}', '/v1/events', '22:30', '@hourly'],
  ...['2026-01-01T00:00:00Z', 'f'.repeat(64), '0'.repeat(64)],
];
const numbers = [0, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 20, 30, 50, 100, 1000];

const within = (schema: StructuralSchema, value: number): boolean => {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema as Record<string, number>;
  if (schema.type === 'integer' && !Number.isInteger(value)) return false;
  if (schema['exclusiveMinimum'] === true && value === minimum) return false;
  return value >= minimum && value <= maximum;
};

const textsOf = (schema: StructuralSchema): readonly string[] => {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema as Record<string, number>;
  const pattern = schema['pattern'] === undefined ? undefined : new RegExp(String(schema['pattern']));
  const fitting = texts.filter(
    (text) => text.length >= minLength && text.length <= maxLength && (pattern?.test(text) ?? true),
  );
  if (fitting.length === 0) throw new Error(`Cannot make a text for ${pattern}: none of the samples fits, add one`);
  return fitting;
};

const arrayOf = (schema: StructuralSchema, depth: number): fc.Arbitrary<unknown> => {
  const { minItems = 0, maxItems = 3, items = {} } = schema as Record<string, number> & { items?: StructuralSchema };
  const size = { minLength: minItems, maxLength: Math.max(minItems, Math.min(3, maxItems)) };
  const item = arbitraryOf(items, depth - 1);
  const listType = schema['x-kubernetes-list-type'];
  if (listType === 'atomic') return fc.array(item, size);
  const nameOf = (value: unknown) => (listType === 'map' ? (value as { readonly name: string }).name : value);
  return fc.uniqueArray(item, { ...size, selector: nameOf });
};

const objectOf = ({ properties = {}, required = [] }: StructuralSchema, depth: number): fc.Arbitrary<unknown> => {
  const optional = depth > 0 ? Object.keys(properties).filter((name) => !required.includes(name)) : [];
  // Few fields as often as many: a union by presence has exactly one.
  const chosen = fc.oneof(
    ...[1, 3, optional.length].map((most) => fc.subarray(optional, { maxLength: Math.min(most, optional.length) })),
  );
  return chosen.chain((names) =>
    fc.record(
      Object.fromEntries([...required, ...names].map((name) => [name, arbitraryOf(properties[name] ?? {}, depth - 1)])),
    ),
  );
};

/** Values that a structural schema takes, without regard to its rules. Below `depth` only what is required. */
export const arbitraryOf = (schema: StructuralSchema, depth = 5): fc.Arbitrary<unknown> => {
  const values = schema['enum'];
  if (Array.isArray(values)) return fc.constantFrom(...values);
  if (schema['x-kubernetes-int-or-string'] === true)
    return fc.constantFrom<unknown>(1, 2, ...textsOf(schema).slice(0, 2));
  switch (schema.type) {
    case 'string':
      return fc.constantFrom(...textsOf(schema));
    case 'integer':
    case 'number':
      return fc.constantFrom(...numbers.filter((value) => within(schema, value)));
    case 'boolean':
      return fc.boolean();
    case 'array':
      return arrayOf(schema, depth);
    default:
      if (schema.additionalProperties !== undefined) {
        return fc.dictionary(fc.constantFrom('a', 'b'), arbitraryOf(schema.additionalProperties, depth - 1), {
          maxKeys: 2,
        });
      }
      return objectOf(schema, depth);
  }
};
