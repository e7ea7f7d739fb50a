import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { openApiOf } from '../src/custom-resource-definition.ts';
import { kinds } from '../src/index.ts';
import { parseWith } from '../src/problems.ts';
import { changeKey, changes } from '../src/shared/field.ts';
import { structuralSchema } from '../src/structural.ts';
import { type StructuralSchema, withDefaults } from '../src/structural-schema.ts';

interface Field {
  readonly path: string;
  readonly schema: StructuralSchema;
}

const below = (schema: StructuralSchema, path: string): readonly Field[] => {
  const { properties = {}, items, additionalProperties } = schema;
  const own = Object.entries(properties).map(([name, child]) => ({ path: `${path}.${name}`, schema: child }));
  return [
    ...own.flatMap((field) => [field, ...below(field.schema, field.path)]),
    ...(items === undefined ? [] : below(items, `${path}[]`)),
    ...(additionalProperties === undefined ? [] : below(additionalProperties, `${path}{}`)),
  ];
};

const openApis = kinds.map((kind) => ({ kind: kind.kind, definition: kind, schema: openApiOf(kind) }));

/** Whether an object that is written as `{}` is taken, and has an empty list by names or of a set when defaults are in. */
const hidesEmptyList = (schema: StructuralSchema): boolean => {
  const { type, properties = {}, required = [] } = schema;
  if (type !== 'object' || required.length > 0) return false;
  return Object.values(properties).some((child) => {
    const preset = child['default'];
    if (child.items !== undefined)
      return Array.isArray(preset) && preset.length === 0 && child['x-kubernetes-list-type'] !== 'atomic';
    return preset !== undefined && hidesEmptyList(child);
  });
};

describe.each(openApis)('$kind', ({ kind, definition, schema }) => {
  test('says of each field what it means, in whole sentences', () => {
    const fields = [...below(schema.properties.spec, 'spec'), ...below(schema.properties.status, 'status')];
    expect(
      fields.filter(({ schema: field }) => !/^[A-Z0-9*<].*\.$/s.test(field.description ?? '')).map(({ path }) => path),
    ).toEqual([]);
  });

  test('says of each field of the spec what a change does, in the text and for programs', () => {
    const silent: string[] = [];
    const visit = (node: z.core.JSONSchema.BaseSchema, path: string, inherited: boolean): void => {
      for (const [name, child] of Object.entries(node.properties ?? {})) {
        if (typeof child === 'boolean') continue;
        const change = changes.find((known) => known === child[changeKey]);
        const said = change !== undefined && (child.description ?? '').endsWith(` ${change}.`);
        if (!said && !(inherited && change === undefined)) silent.push(`${path}.${name}`);
        visit(child, `${path}.${name}`, inherited || said);
      }
      for (const inner of [node.items, node.additionalProperties]) {
        if (typeof inner === 'object' && !Array.isArray(inner)) visit(inner, `${path}[]`, inherited);
      }
    };
    visit(z.toJSONSchema(definition.spec, { target: 'openapi-3.0', io: 'input' }), 'spec', false);
    expect(silent).toEqual([]);
  });

  test('has no object that is there by `{}`, and that every second server-side apply would take away', () => {
    // The API server takes such an object, with nothing in it but what it filled in, for one that nobody owns when an empty
    // list by names or of a set is all that is left of it: write the list with listOf, or require a field.
    const vanishing = below(schema.properties.spec, 'spec')
      .filter(({ schema: field }) => field['default'] === undefined && hidesEmptyList(field))
      .map(({ path }) => path);
    expect(vanishing).toEqual([]);
  });

  test('has columns that point at fields', () => {
    const has = (path: string): boolean => {
      let at: StructuralSchema | undefined = schema;
      for (const step of path
        .replace(/\[.*?\]/g, '')
        .split('.')
        .slice(1)) {
        at = at?.properties?.[step] ?? at?.items?.properties?.[step];
      }
      return at !== undefined;
    };
    const dangling = definition.columns.filter(({ jsonPath }) => !jsonPath.startsWith('.metadata.') && !has(jsonPath));
    expect(dangling).toEqual([]);
  });

  test('has defaults that it takes itself', () => {
    const bad = below(schema.properties.spec, 'spec').filter(({ schema: field }) => {
      const preset = field['default'];
      if (typeof preset !== 'string' || field['pattern'] === undefined) return false;
      return !new RegExp(String(field['pattern'])).test(preset);
    });
    expect(bad).toEqual([]);
  });

  test('parses to the same whether the API server or the parser fills in defaults', () => {
    const written = (parse(definition.example) as { spec: unknown }).spec;
    const filled = withDefaults(structuralSchema(definition.spec, 'spec'), written);
    expect(parseWith(definition.spec, filled)).toEqual(parseWith(definition.spec, written));
  });

  test('refers to secrets and never holds one', () => {
    const secrets = below(schema.properties.spec, 'spec').filter(({ path }) =>
      /(password|token|secret|apiKey)$/i.test(path),
    );
    expect(secrets).toEqual([]);
  });

  test('has a status with conditions that merge by type', () => {
    expect(schema.properties.status.properties?.['conditions']).toMatchObject({
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: { required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'] },
    });
  });

  test(`${definition.scales ? 'has' : 'does not have'} what /scale reads and writes`, () => {
    const { spec, status } = schema.properties;
    const found = [spec.properties?.['replicas'], status.properties?.['replicas'], status.properties?.['selector']];
    expect(found.every((field) => field !== undefined)).toBe(definition.scales);
    expect(kind).toBe(definition.kind);
  });
});

test('kinds, plurals and short names are all different', () => {
  const names = kinds.flatMap(({ kind, plural, singular, shortNames }) => [kind, plural, singular, ...shortNames]);
  expect(new Set(names).size).toBe(names.length);
});
