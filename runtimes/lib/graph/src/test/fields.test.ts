import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '@groundswell/crds';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { z } from 'zod';
import { compile, type LocatedResource, parseFiles, resolve } from '../index.ts';
import { formatPath } from '../problem.ts';
import { type Members, repair } from './repairs.ts';
import { another, least, leavesOf, memberOf, type Schema, type Way } from './schema-walk.ts';

interface Document {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Members;
}

const everything: readonly Document[] = parseAllDocuments(
  readFileSync(join(import.meta.dirname, '../golden/everything.yaml'), 'utf8'),
).map((document) => document.toJS());

const parse = (document: Document) =>
  parseFiles([{ path: 'changed.yaml', text: stringify(document, { aliasDuplicateObjects: false }) }]);

const compiled = (resources: readonly LocatedResource[]) => {
  const graph = resolve(resources);
  const { programs, problems } = compile(graph, { target: 'local' });
  return { programs: JSON.stringify(programs), paths: [...graph.problems, ...problems].map(({ path }) => path) };
};

const unchanged = new Map(everything.map((document) => [document, parse(document).resources]));
const before = compiled([...unchanged.values()].flat());

/** Of a list, the entry that has what comes next (or one that lacks it, to add it); of a map, the entry that is there. */
const keyAt = (
  at: unknown,
  step: string,
  { next, adds }: { next: string | undefined; adds: boolean },
): string | number => {
  if (step === '{}') return Object.keys(at as Members)[0] ?? 'one';
  if (step !== '[]') return step;
  const has = (entry: unknown) => typeof entry === 'object' && next !== undefined && next in (entry as Members);
  return Math.max(
    0,
    (at as readonly unknown[]).findIndex((entry) => has(entry) !== adds),
  );
};

/** Sets a leaf to another value in a copy of a document, making what is missing on the way. */
const withAnother = (document: Document, schema: Schema, way: Way) => {
  const copy = structuredClone(document);
  const path: (string | number)[] = [];
  let at = copy.spec;
  let here = schema;
  way.forEach((step, i) => {
    here = memberOf(here, step);
    const next = way[i + 1];
    // What is empty has no other value: it can only be added.
    const adds = next === way.at(-1) && memberOf(here, next ?? '').type === 'object';
    const key = keyAt(at, step, { next, adds });
    path.push(key);
    if (i === way.length - 1) at[key] = another(here, at[key]) ?? at[key];
    else at[key] ??= least(here);
    at = at[key] as Members;
  });
  return { copy, path };
};

/** Makes right what the change broke: rules of the kind that want something else beside it. */
const repaired = (document: Document, schema: Schema, path: readonly (string | number)[]): Document => {
  for (let round = 0; round < 5; round++) {
    const [problem] = parse(document).problems;
    if (problem === undefined) return document;
    const keys = (problem.path.match(/[^.[\]]+/g) ?? []).slice(1).map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    const objects: Members[] = [document.spec];
    for (const key of keys) {
      const inner = objects[0]?.[key];
      if (typeof inner !== 'object' || inner === null) break;
      objects.unshift(inner as Members);
    }
    const inner = keys.reduce((at, key) => memberOf(at, typeof key === 'number' ? '[]' : key), schema);
    repair({ message: problem.message, around: objects, schema: inner, keep: path[keys.length] });
  }
  return document;
};

const covers = (outer: string, inner: string) =>
  outer !== 'spec' && (inner === outer || (/^[.[]/.test(inner.slice(outer.length)) && inner.startsWith(outer)));

const supported = kinds.filter(({ kind }) => everything.some((document) => document.kind === kind));

describe.each(supported)('$kind', ({ kind, spec }) => {
  const schema = z.toJSONSchema(spec as z.ZodType, { io: 'input', unrepresentable: 'any' }) as Schema;

  test.each(leavesOf(schema).map((way) => ({ way, field: way.join('.') })))(
    '$field changes what runs, or is refused by name',
    ({ way }) => {
      const document = everything.find((candidate) => candidate.kind === kind);
      if (document === undefined) throw new Error(`no ${kind} to change`);
      const { copy, path } = withAnother(document, schema, way);
      const { resources, problems } = parse(repaired(copy, schema, path));
      expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([]);
      const others = everything.filter((other) => other !== document).flatMap((other) => unchanged.get(other) ?? []);
      const after = compiled([...resources, ...others]);
      const field = formatPath(['spec', ...path]);
      const isNamed = after.paths.some((named) => covers(named, field));
      expect({ field, isNamed, changes: isNamed || after.programs !== before.programs }).toMatchObject({
        changes: true,
      });
    },
  );
});
