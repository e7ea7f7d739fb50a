import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Json, mergeStrategically } from './merge.ts';

const pod: Json = {
  metadata: { labels: { a: '1' } },
  spec: {
    terminationGracePeriodSeconds: 45,
    containers: [
      {
        name: 'main',
        image: 'ours',
        env: [{ name: 'A', value: '1' }],
        ports: [{ name: 'health', containerPort: 9090 }],
        livenessProbe: { httpGet: { path: '/healthz', port: 'health' }, periodSeconds: 10 },
      },
    ],
    volumes: [{ name: 'tmp', emptyDir: {} }],
    tolerations: [{ key: 'x', operator: 'Exists' }],
  },
};

test.each<[string, Json, Json]>([
  [
    'a field of the container named main',
    { spec: { containers: [{ name: 'main', resources: { limits: { cpu: '2' } } }] } },
    { resources: { limits: { cpu: '2' } } },
  ],
  [
    'a variable, and another one',
    {
      spec: {
        containers: [
          {
            name: 'main',
            env: [
              { name: 'B', value: '2' },
              { name: 'A', value: '3' },
            ],
          },
        ],
      },
    },
    {
      env: [
        { name: 'A', value: '3' },
        { name: 'B', value: '2' },
      ],
    },
  ],
  [
    'another kind of probe, of which the rest stays',
    { spec: { containers: [{ name: 'main', livenessProbe: { exec: { command: ['true'] } } }] } },
    { livenessProbe: { exec: { command: ['true'] }, periodSeconds: 10 } },
  ],
])('%s is merged into ours', (_, over, expected) => {
  const merged = mergeStrategically(pod, over) as unknown as { spec: { containers: [Record<string, Json>] } };
  expect(merged.spec.containers).toHaveLength(1);
  expect(merged.spec.containers[0]).toMatchObject({ name: 'main', image: 'ours', ...(expected as object) });
  const [ours] = (pod as unknown as typeof merged).spec.containers;
  expect(Object.keys(merged.spec.containers[0]).filter((key) => !(key in (expected as object)))).toEqual(
    Object.keys(ours).filter((key) => !(key in (expected as object))),
  );
});

test('a second container and a volume come behind ours, a list without keys is replaced, null removes', () => {
  const over = {
    spec: {
      containers: [{ name: 'sidecar', image: 'theirs' }],
      volumes: [{ name: 'data', emptyDir: {} }],
      tolerations: [],
      terminationGracePeriodSeconds: null,
    },
  };
  const { spec } = mergeStrategically(pod, over) as unknown as { spec: Record<string, Json[]> };
  expect(spec['containers']?.map((container) => (container as { name: string }).name)).toEqual(['main', 'sidecar']);
  expect(spec['volumes']).toEqual([
    { name: 'tmp', emptyDir: {} },
    { name: 'data', emptyDir: {} },
  ]);
  expect(spec['tolerations']).toEqual([]);
  expect(spec).not.toHaveProperty('terminationGracePeriodSeconds');
});

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(null, true, 1, 'a', 'b'),
    fc.uniqueArray(fc.record({ name: fc.constantFrom('x', 'y', 'z'), v: tie('value') }), {
      maxLength: 3,
      selector: ({ name }) => name,
    }),
    fc.dictionary(fc.constantFrom('containers', 'env', 'labels', 'valueFrom', 'exec', 'a'), tie('value'), {
      maxKeys: 3,
    }),
  ) as fc.Arbitrary<Json>,
})).value;

test('merging the same again changes nothing', () => {
  fc.assert(
    fc.property(json, json, (base, over) => {
      const once = mergeStrategically(base, over);
      expect(mergeStrategically(once, over)).toEqual(once);
    }),
  );
});
