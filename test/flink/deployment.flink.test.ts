import { spawnSync } from 'node:child_process';
import { compile, parseFiles, resolve } from '@groundswell/graph';
import { renderPrograms } from '@groundswell/operator/children';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { operatorApiJar } from '../servers/flink.ts';

const resources = `
apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  sources: [{ name: demo, generator: {} }]
---
apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: post-10m }
spec:
  pipelineRef: { name: news }
  engine: Flink
  flink:
    image: example/flink-with-kafka:1
    parallelism: 2
    configuration: { execution.checkpointing.savepoint-dir: "s3://savepoints" }
    jobManager: { requests: { cpu: 250m } }
    taskManager: { limits: { memory: 4Gi } }
  key: [post_id]
  window: { tumble: { size: 10m } }
  emit: EveryWindow
  aggregations: [{ name: events, count: {} }]
  sinks: [{ topic: {} }]
`;

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

/** What an API server would refuse or prune of the value. */
const wrongIn = (value: unknown, schema: Schema, path: string): readonly string[] => {
  if (schema['x-kubernetes-int-or-string'] || schema['x-kubernetes-preserve-unknown-fields']) return [];
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${path}: ${String(value)}`];
  if (Array.isArray(value)) return value.flatMap((one, i) => wrongIn(one, schema.items ?? {}, `${path}[${i}]`));
  const type = typeof value === 'number' ? ['integer', 'number'] : [typeof value];
  if (!type.includes(schema.type ?? '')) return [`${path}: ${typeof value} in place of ${schema.type}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => {
    const inner = schema.properties?.[name] ?? schema.additionalProperties;
    return typeof inner === 'object' ? wrongIn(one, inner, `${path}.${name}`) : [`${path}.${name} is unknown`];
  });
};

/** The schema of the FlinkDeployment that the Flink Kubernetes Operator publishes. */
const crdSchema = (): Schema => {
  const file = 'META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml';
  const { stdout } = spawnSync('unzip', ['-p', operatorApiJar(), file], { maxBuffer: 1 << 24, encoding: 'utf8' });
  const crd = parse(stdout) as {
    readonly spec: {
      readonly versions: readonly { readonly name: string; readonly schema: { openAPIV3Schema: Schema } }[];
    };
  };
  const version = crd.spec.versions.find(({ name }) => name === 'v1beta1');
  if (version === undefined) throw new Error(`Cannot read ${file}: it has no version v1beta1`);
  return version.schema.openAPIV3Schema;
};

test("what is rendered fits the Flink operator's CRD, but for the version, of which it knows none of 2.x", () => {
  const { problems, ...compiled } = compile(resolve(parseFiles([{ path: 'x.yaml', text: resources }]).resources), {
    target: 'cluster',
  });
  expect(problems).toEqual([]);
  const deployment = renderPrograms(compiled, { namespace: 'social' }).find(({ kind }) => kind === 'FlinkDeployment');
  const { apiVersion: _, kind: __, metadata: ___, ...rest } = deployment ?? { apiVersion: '', kind: '', metadata: {} };
  expect(wrongIn(rest, crdSchema(), '')).toEqual(['.spec.flinkVersion: v2_2']);
  expect(rest).toMatchObject({
    spec: {
      image: 'example/flink-with-kafka:1',
      jobManager: { resource: { cpu: 0.25, memory: '1Gi' } },
      taskManager: { resource: { cpu: 1, memory: '4Gi' } },
      job: { parallelism: 2, upgradeMode: 'savepoint' },
    },
  });
});
