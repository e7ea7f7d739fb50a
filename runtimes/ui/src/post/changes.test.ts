import { expect, test } from 'vitest';
import { changesIn } from './changes.ts';

const features = [
  { name: 'reposts', value: 4, what_if: 4 },
  { name: 'followers', value: null, what_if: null },
  { name: 'age', value: 0.25, what_if: 1 },
];
const form = (given: Readonly<Record<string, string>>) => ({ get: (name: string) => given[name] ?? null });

test('only what differs from the vector is a change, and an empty field is a missing value', () => {
  expect(changesIn(features, form({ reposts: '4', followers: '', age: '0.25' }))).toEqual({});
  expect(changesIn(features, form({ reposts: ' ', followers: '1e3', age: '1' }))).toEqual({
    ...{ reposts: null, followers: 1000, age: 1 },
  });
});
