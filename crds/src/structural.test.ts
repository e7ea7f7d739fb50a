import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { exactlyOne, withRules } from './rules.ts';
import { listByName, listOf, mapOf, setOf } from './shared/collections.ts';
import { duration, positiveDuration } from './shared/duration.ts';
import { live } from './shared/field.ts';
import { structuralSchema } from './structural.ts';

const text = () => z.string().max(10);
const unlisted = (schema: z.ZodType) => z.array(schema).max(3);

describe('a schema that Kubernetes would not take is refused with its path', () => {
  test.each([
    ['any', z.any(), 'it has no type, one is needed'],
    ['unknown', z.unknown(), 'it has no type, one is needed'],
    ['a union', z.union([z.boolean(), z.object({})]), 'it is a junction (anyOf), a union by presence is needed'],
    ['a number or text', z.union([z.int(), text()]), 'it is a junction (anyOf)'],
    ['text without a bound', z.string(), 'it has no maxLength, one is needed for the cost of rules'],
    ['a list without a bound', z.array(text()), 'it has no maxItems'],
    ['a map without a bound', z.record(z.string(), text()), 'it has no maxProperties'],
    ['a list without a type', unlisted(text()), 'it has no x-kubernetes-list-type, use listOf, setOf or listByName'],
    ['a tuple', z.tuple([text(), text()]), 'it '],
    [
      'a list by a name that items may lack',
      unlisted(z.object({ name: text().optional() })).meta({
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      }),
      'its items need "name", by which they are told apart',
    ],
    ['a set that is empty by default', setOf(text(), { max: 2 }).prefault([]), 'it is a set that is empty by default'],
    ['look-ahead', text().regex(/^(?!a)/), 'its pattern ^(?!a) looks around or back, RE2 knows neither'],
    ['look-behind', text().regex(/(?<=a)b/), 'looks around or back'],
    ['a back-reference', text().regex(/(a)\1/), 'looks around or back'],
    ['a format of others', z.email().max(10), 'Kubernetes knows no format "email"'],
    ['a read-only field', text().readonly(), 'Kubernetes does not take "readOnly"'],
    ['a deprecated field', text().meta({ deprecated: true }), 'Kubernetes does not take "deprecated"'],
    ['a default that is a parsed value', duration().default(5 as never), 'its default is a parsed value, use prefault'],
    ['a word that YAML 1.1 reads as true', z.enum(['On', 'Sometimes']), 'YAML 1.1 does not read "On" as text'],
    ['a word that YAML reads as nothing', z.enum(['Null', 'Zero']), 'YAML 1.1 does not read "Null" as text'],
  ])('%s', (_, schema, reason) => {
    const write = () => structuralSchema(z.object({ inner: z.object({ bad: schema }) }), 'spec');
    expect(write).toThrow(reason);
    if (!reason.includes('parsed value')) expect(write).toThrow('Cannot write the schema of spec.inner.bad');
  });

  test('a schema with an id, which others would refer to', () => {
    const schema = z.object({ a: text().meta({ id: 'Text' }) });
    expect(() => structuralSchema(schema, 'spec')).toThrow('Kubernetes does not take "definitions"');
  });

  test('a date', () => {
    expect(() => structuralSchema(z.object({ a: z.date() }), 'spec')).toThrow('Date cannot be represented');
  });

  test('a field whose name YAML 1.1 reads as false', () => {
    expect(() => structuralSchema(z.object({ n: z.int() }), 'spec')).toThrow('spec.n: YAML 1.1 does not read "n"');
  });

  test('what lies in a list or a map', () => {
    const inList = listOf(z.object({ a: z.any() }), { max: 2 });
    expect(() => structuralSchema(inList, 'spec.list')).toThrow('spec.list[].a: it has no type');
    expect(() => structuralSchema(mapOf(z.any(), 2), 'spec.map')).toThrow('spec.map{}: it has no type');
  });
});

test('a schema keeps all that Kubernetes takes', () => {
  const Inner = withRules(
    z.strictObject({
      a: live(positiveDuration().optional(), 'A.'),
      b: live(mapOf(z.number().gt(0).max(1), 4).optional(), 'B.'),
      c: live(z.enum(['Up', 'Down']).default('Up'), 'C.'),
    }),
    [exactlyOne(['a', 'b'])],
  );
  const schema = z.strictObject({
    inner: live(Inner.prefault({ a: '1s' }), 'Inner.'),
    list: listByName(z.strictObject({ name: text(), count: z.int().min(1) }), { min: 1, max: 8 }),
    set: setOf(text(), { max: 2 }).optional(),
    free: z.looseObject({}).meta({ 'x-kubernetes-preserve-unknown-fields': true }),
    amount: z.union([z.int(), text()]).meta({ 'x-kubernetes-int-or-string': true }),
    nothing: text().nullable(),
  });
  expect(structuralSchema(schema, 'spec')).toMatchInlineSnapshot(`
    {
      "properties": {
        "amount": {
          "x-kubernetes-int-or-string": true,
        },
        "free": {
          "type": "object",
          "x-kubernetes-preserve-unknown-fields": true,
        },
        "inner": {
          "default": {
            "a": "1s",
            "c": "Up",
          },
          "description": "Inner. Live.",
          "properties": {
            "a": {
              "description": "A. Live.",
              "maxLength": 32,
              "minLength": 2,
              "pattern": "^([0-9]{1,5}d|([0-9]{1,6}h)?([0-9]{1,7}m)?([0-9]{1,8}s)?([0-9]{1,9}ms)?)$",
              "type": "string",
              "x-kubernetes-validations": [
                {
                  "message": "must be longer than 0s",
                  "rule": "self.matches('[1-9]')",
                },
              ],
            },
            "b": {
              "additionalProperties": {
                "exclusiveMinimum": true,
                "maximum": 1,
                "minimum": 0,
                "type": "number",
              },
              "description": "B. Live.",
              "maxProperties": 4,
              "type": "object",
            },
            "c": {
              "default": "Up",
              "description": "C. Live.",
              "enum": [
                "Up",
                "Down",
              ],
              "type": "string",
            },
          },
          "type": "object",
          "x-kubernetes-validations": [
            {
              "message": "give exactly one of a, b",
              "rule": "[has(self.a), has(self.b)].exists_one(present, present)",
            },
          ],
        },
        "list": {
          "items": {
            "properties": {
              "count": {
                "format": "int64",
                "minimum": 1,
                "type": "integer",
              },
              "name": {
                "maxLength": 10,
                "type": "string",
              },
            },
            "required": [
              "name",
              "count",
            ],
            "type": "object",
          },
          "maxItems": 8,
          "minItems": 1,
          "type": "array",
          "x-kubernetes-list-map-keys": [
            "name",
          ],
          "x-kubernetes-list-type": "map",
        },
        "nothing": {
          "maxLength": 10,
          "nullable": true,
          "type": "string",
        },
        "set": {
          "items": {
            "maxLength": 10,
            "type": "string",
          },
          "maxItems": 2,
          "type": "array",
          "x-kubernetes-list-type": "set",
        },
      },
      "required": [
        "list",
        "free",
        "amount",
        "nothing",
      ],
      "type": "object",
    }
  `);
});
