import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isContained, spokenOf } from './drift.ts';

const wanted = {
  metadata: { labels: { a: '1' }, annotations: {} },
  spec: {
    replicas: 1,
    args: ['x', 'y'],
    containers: [{ name: 'main', env: [{ name: 'A', value: '1' }], ports: [{ containerPort: 80 }] }],
  },
};
const live = () => structuredClone(wanted) as { metadata: Record<string, unknown>; spec: Record<string, unknown> };

test('what others add is no drift: members, containers, annotations, a status', () => {
  const object = live();
  object.metadata['annotations'] = { theirs: 'x' };
  object.spec['paused'] = false;
  object.spec['containers'] = [
    { name: 'sidecar' },
    {
      name: 'main',
      env: [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
      ports: [{ containerPort: 80, protocol: 'TCP' }],
    },
  ];
  expect(isContained(wanted, { ...object, status: {} })).toBe(true);
});

test('an empty member that the API server leaves out is no drift', () => {
  const object = live();
  delete object.metadata['annotations'];
  expect(isContained(wanted, object)).toBe(true);
});

test.each<[string, (spec: Record<string, unknown>) => void]>([
  ['a changed value', (spec) => Object.assign(spec, { replicas: 2 })],
  ['a member that is gone', (spec) => delete spec['replicas']],
  ['an argument more', (spec) => Object.assign(spec, { args: ['x', 'y', 'z'] })],
  ['arguments in another order', (spec) => Object.assign(spec, { args: ['y', 'x'] })],
  ['a container that is gone', (spec) => Object.assign(spec, { containers: [] })],
  [
    'a variable with another value',
    (spec) =>
      Object.assign(spec, {
        containers: [{ name: 'main', env: [{ name: 'A', value: '2' }], ports: [{ containerPort: 80 }] }],
      }),
  ],
])('%s is drift', (_, change) => {
  const object = live();
  change(object.spec);
  expect(isContained(wanted, object)).toBe(false);
});

test('a list of entries with and without a key contains itself', () => {
  const mixed = { rules: [{ name: 'a' }, 'b', {}] };
  expect(isContained(mixed, structuredClone(mixed))).toBe(true);
});

test('everything contains itself, and what is spoken of in it is itself', () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 4, values: [fc.string(), fc.integer(), fc.boolean()] }), (value) => {
      expect(isContained(value, value)).toBe(true);
      expect(spokenOf(value, { ...value, more: 1 })).toEqual('more' in value ? expect.anything() : value);
    }),
  );
});
