import { expect, test } from 'vitest';
import { groupOf } from './program.ts';

test('programs of one name in two pipelines read in groups of their own', () => {
  const [a, b] = ['a', 'b'].map((pipeline) => groupOf({ pipeline, name: 'window-reposts' }));
  expect(a).toBe('a.window-reposts');
  expect(b).not.toBe(a);
});
