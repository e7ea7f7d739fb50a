import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './page.ts';

const folder = join(root, 'operator', 'src', 'report');
const code = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');
const page = readFileSync(join(root, 'docs', 'operations', 'conditions.md'), 'utf8');

test('every reason that the operator gives is on the page of conditions', () => {
  const reasons = [...code.matchAll(/(?:reason: |reason = |\? |: )'([A-Z][a-z]+[A-Z][A-Za-z]+)'/g)].map(
    ([, reason = '']) => reason,
  );
  expect(reasons.length).toBeGreaterThan(12);
  expect([...new Set(reasons)].filter((reason) => !page.includes(`\`${reason}\``))).toEqual([]);
});

test('every condition that the operator sets is on it', () => {
  const types = [...code.matchAll(/type(?:: | = )'([A-Z][A-Za-z]+)'/g)].map(([, type = '']) => type);
  const conditions = [...new Set(types)].filter((type) => type !== 'Normal' && type !== 'Warning');
  expect(conditions.length).toBeGreaterThan(6);
  expect(conditions.filter((type) => !page.includes(`\`${type}\``))).toEqual([]);
});
