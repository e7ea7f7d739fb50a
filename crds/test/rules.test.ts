import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { kinds } from '../src/index.ts';
import { parseWith } from '../src/problems.ts';
import { rulesOf } from '../src/rules.ts';
import { structuralSchema } from '../src/structural.ts';
import { withDefaults } from '../src/structural-schema.ts';
import { verdictsOf } from './api-server.ts';
import { arbitraryOf } from './arbitrary.ts';

/** Every schema with rules of its own, once for each set of rules. */
const ruledSchemas = () => {
  const found = new Map<
    string,
    { readonly title: string; readonly schema: z.core.$ZodType; readonly rules: readonly string[] }
  >();
  for (const { kind, spec } of kinds) {
    z.toJSONSchema(spec, {
      target: 'openapi-3.0',
      io: 'input',
      override: ({ zodSchema, path }) => {
        const rules = rulesOf(zodSchema).map(({ cel }) => cel);
        if (rules.length === 0 || found.has(rules.join())) return;
        const at = path.filter((part) => part !== 'properties').join('.');
        found.set(rules.join(), { title: `${kind} ${at}`, schema: zodSchema, rules });
      },
    });
  }
  return [...found.values()];
};

describe('the rules in CEL and those in TypeScript', () => {
  test.each(ruledSchemas())('agree on $title', ({ schema, rules }) => {
    const structure = structuralSchema(schema, 'value');
    const seen = new Map<string, Set<boolean>>();
    fc.assert(
      fc.property(arbitraryOf(structure), (written) => {
        const verdicts = verdictsOf(structure, withDefaults(structure, written));
        for (const { rule, holds } of verdicts) seen.set(rule, (seen.get(rule) ?? new Set()).add(holds));
        const byCel = verdicts.filter(({ holds }) => !holds).map(({ path, message }) => `${path}: ${message}`);
        const parsed = parseWith(schema, written);
        const byParser =
          parsed.kind === 'parsed'
            ? []
            : parsed.problems.map(({ path, message }) => `${path.map((part) => `/${part}`).join('')}: ${message}`);
        expect(byParser.toSorted()).toEqual(byCel.toSorted());
      }),
      { numRuns: 300, seed: 7 },
    );
    for (const rule of rules) expect([rule, [...(seen.get(rule) ?? [])].toSorted()]).toEqual([rule, [false, true]]);
  });
});
