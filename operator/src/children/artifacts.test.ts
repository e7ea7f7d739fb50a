import type { Program } from '@groundswell/graph';
import { expect, test } from 'vitest';
import { artifactPortsOf, artifactVolumesOf } from './artifacts.ts';

type Artifact = Extract<Program, { kind: 'scorer' }>['variants'][number]['artifact'];

const scorer = (...artifacts: readonly Omit<Artifact, 'sha256'>[]): Program =>
  ({
    kind: 'scorer',
    variants: artifacts.map((artifact, i) => ({
      ...{ name: `v${i}`, share: 0, shadow: false, positiveClass: 1 },
      artifact: { ...artifact, sha256: '' },
    })),
  }) as unknown as Program;

test('claims, ConfigMaps and Secrets of artifacts are mounted where the scorer looks for them, each once', () => {
  const signature = { publicKey: { secret: 'cosign', key: 'key.pub' }, uri: 'pvc://models/a.sig' };
  const program = scorer(
    { uri: 'pvc://models/a.onnx', secret: 's3', signature },
    { uri: 'pvc://models/b.onnx', secret: 's3' },
    { uri: 'configmap://tiny/m.onnx' },
  );
  expect(artifactVolumesOf(program, [])).toEqual([
    {
      volume: { name: 'artifact-claims-0', persistentVolumeClaim: { claimName: 'models', readOnly: true } },
      mount: { name: 'artifact-claims-0', mountPath: '/etc/groundswell-artifacts/claims/models', readOnly: true },
    },
    {
      volume: { name: 'artifact-configmaps-0', configMap: { name: 'tiny' } },
      mount: { name: 'artifact-configmaps-0', mountPath: '/etc/groundswell-artifacts/configmaps/tiny', readOnly: true },
    },
    {
      volume: { name: 'artifact-secrets-0', secret: { secretName: 'cosign', optional: true } },
      mount: { name: 'artifact-secrets-0', mountPath: '/etc/groundswell-artifacts/secrets/cosign', readOnly: true },
    },
    {
      volume: { name: 'artifact-secrets-1', secret: { secretName: 's3', optional: true } },
      mount: { name: 'artifact-secrets-1', mountPath: '/etc/groundswell-artifacts/secrets/s3', readOnly: true },
    },
  ]);
});

test.each([
  [{ uri: 'model.onnx' }, []],
  [{ uri: 'https://a.example/m.onnx' }, [443]],
  [{ uri: 'http://a.example:8080/m.onnx' }, [8080]],
  [{ uri: 's3://models/m.onnx' }, [443]],
  [{ uri: 's3://models/m.onnx', endpoint: 'http://minio:9000' }, [9000]],
])('%o is reached at the ports %o', (artifact, ports) => expect(artifactPortsOf(scorer(artifact))).toEqual(ports));
