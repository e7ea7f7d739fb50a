import { expect, test } from 'vitest';
import { artifactSourceOf } from './artifact-source.ts';

test.each([
  ['model.onnx', { kind: 'file', uri: 'model.onnx' }],
  ['file:///a/b.onnx', { kind: 'file', uri: 'file:///a/b.onnx' }],
  ['https://a.example/m.onnx?x=1', { kind: 'http', url: 'https://a.example/m.onnx?x=1' }],
  ['s3://models/virality/new.onnx', { kind: 's3', bucket: 'models', key: 'virality/new.onnx' }],
  ['oci:models/virality:v7', { kind: 'oci', path: 'models/virality', tag: 'v7' }],
  ['oci:///models/virality', { kind: 'oci', path: '/models/virality', tag: undefined }],
  ['pvc://models/a/b.onnx', { kind: 'claim', claim: 'models', path: 'a/b.onnx' }],
  ['configmap://tiny/m.onnx', { kind: 'configMap', name: 'tiny', key: 'm.onnx' }],
])('%s is understood', (uri, source) => expect(artifactSourceOf(uri)).toEqual(source));

test.each(['ftp://a/b', 's3://models', 's3:models/a', 'pvc://models/../secret', 'configmap://Name/key', 'https://'])(
  '%s is none of the forms',
  (uri) => expect(artifactSourceOf(uri)).toBeUndefined(),
);
