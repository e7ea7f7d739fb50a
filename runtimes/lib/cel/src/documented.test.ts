import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { conversions } from './conversions.ts';
import { featureFunctionNames, mathFunctions } from './index.ts';
import { macroNames } from './macros.ts';
import { methods } from './methods.ts';

test('every function is documented', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/expressions.md'), 'utf8');
  const names = [mathFunctions, conversions, methods].flatMap((functions) => Object.keys(functions));
  const undocumented = [...names, ...macroNames, ...featureFunctionNames].filter(
    (name) => !new RegExp(`\`${name}\\b`).test(page),
  );
  expect(undocumented).toEqual([]);
});
