import fc from 'fast-check';
import type { StructuralSchema } from '../../crds/src/structural-schema.ts';
import { arbitraryOf } from '../../crds/test/arbitrary.ts';

type Path = readonly (string | number)[];

/** Every place under a value, with its schema. */
const placesOf = (
  schema: StructuralSchema,
  value: unknown,
  path: Path = [],
): readonly { path: Path; schema: StructuralSchema }[] => {
  const here = path.length === 0 ? [] : [{ path, schema }];
  if (Array.isArray(value)) {
    return [...here, ...value.flatMap((item, i) => placesOf(schema.items ?? {}, item, [...path, i]))];
  }
  if (typeof value !== 'object' || value === null) return here;
  const below = Object.entries(value).flatMap(([name, child]) =>
    placesOf(schema.properties?.[name] ?? schema.additionalProperties ?? {}, child, [...path, name]),
  );
  return [...here, ...below];
};

/** A copy with the place changed: `change` gets what holds it and its name there. */
const changedAt = (value: unknown, path: Path, change: (holder: never, name: never) => void): unknown => {
  const copy = structuredClone(value);
  let holder = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
  change(holder as never, path.at(-1) as never);
  return copy;
};

type Holder = Record<string | number, unknown>;

const ofOtherType = fc.constantFrom<unknown>(
  ...[null, true, false, 0, 1, -1, 1.5, 1e21, '', ' ', 'a', '0', '1m', '-1m', 'A'.repeat(300), 'ä.b/c', [], {}, [[]]],
  ...[{ a: 1 }, ['a'], 'http://', '../x', '{x}', '\u0000'],
);

export interface Mutation {
  readonly what: string;
  readonly path: Path;
  readonly value: unknown;
}

/** One wrong or unusual thing somewhere in an object: something is missing, twice, misspelt, of another type, or other than it was. */
export const mutationsOf = (schema: StructuralSchema, value: unknown): fc.Arbitrary<Mutation> =>
  fc.constantFrom(...placesOf(schema, value)).chain(({ path, schema: at }) => {
    const make = (what: string, change: (holder: Holder, name: string) => void): Mutation => ({
      what,
      path,
      value: changedAt(value, path, change),
    });
    const put = (what: string, values: fc.Arbitrary<unknown>) =>
      values.map((other) =>
        make(what, (holder, name) => {
          holder[name] = other;
        }),
      );
    return fc.oneof(
      fc.constant(
        make(
          'missing',
          (holder, name) => void (Array.isArray(holder) ? holder.splice(Number(name), 1) : delete holder[name]),
        ),
      ),
      fc.constant(
        make('twice or misspelt', (holder, name) => {
          if (Array.isArray(holder)) return void holder.push(holder[Number(name)]);
          holder[`${name}x`] = holder[name];
          delete holder[name];
        }),
      ),
      put('of another type', ofOtherType),
      put('other', arbitraryOf(at, 3)),
    );
  });
