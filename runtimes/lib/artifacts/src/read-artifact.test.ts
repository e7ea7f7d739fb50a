import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FileServer, isSigned, startFileServer } from '../test/file-server.ts';
import { type Artifact, readArtifact } from './read-artifact.ts';

const bytes = Buffer.from('a model');
const digestOf = (of: Uint8Array): string => createHash('sha256').update(of).digest('hex');
const sha256 = digestOf(bytes);

let folder: string;
const servers: FileServer[] = [];
const serve = async (...args: Parameters<typeof startFileServer>): Promise<FileServer> => {
  const server = await startFileServer(...args);
  servers.push(server);
  return server;
};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'groundswell-artifacts-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await rm(folder, { recursive: true });
});

const put = async (path: string, content: string | Uint8Array): Promise<void> => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
};
const read = async (artifact: Partial<Artifact>, mounts?: string): Promise<string> => {
  const access = { directory: folder, cache: join(folder, 'cache'), ...(mounts !== undefined && { mounts }) };
  return Buffer.from((await readArtifact({ uri: 'model.onnx', sha256, ...artifact }, access)).model).toString();
};

test('a file is read from a path, a claim and a ConfigMap', async () => {
  for (const path of ['model.onnx', 'claims/models/a/b.onnx', 'configmaps/tiny/m.onnx']) await put(path, bytes);
  expect(await read({})).toBe('a model');
  expect(await read({ uri: 'pvc://models/a/b.onnx' }, folder)).toBe('a model');
  expect(await read({ uri: 'configmap://tiny/m.onnx' }, folder)).toBe('a model');
});

test('a download asks with the credentials of the Secret, and happens once', async () => {
  const server = await serve(({ headers }) => headers.authorization === 'Bearer t0ken');
  server.files.set('/m.onnx', bytes);
  const uri = `${server.url}/m.onnx?signed=abc`;
  server.files.set('/m.onnx?signed=abc', bytes);
  await expect(read({ uri })).rejects.toMatchObject({
    message: `"${server.url}/m.onnx?…" is answered with 403, 200 or 204 is needed`,
    isTransient: true,
  });
  await put('secrets/store/token', 't0ken\n');
  expect(await read({ uri, secret: 'store' })).toBe('a model');
  expect(await read({ uri, secret: 'store' })).toBe('a model');
  expect(server.asked).toHaveLength(2);
  expect(await readdir(join(folder, 'cache'))).toEqual([sha256]);
});

test('what the cache has is checked as well', async () => {
  const server = await serve();
  server.files.set('/m.onnx', bytes);
  await put(`cache/${sha256}`, 'something else');
  expect(await read({ uri: `${server.url}/m.onnx` })).toBe('a model');
});

test('another file than the one named is refused, and not kept', async () => {
  const server = await serve();
  server.files.set('/m.onnx', Buffer.from('another'));
  await expect(read({ uri: `${server.url}/m.onnx` })).rejects.toThrow(
    `has the sha256 ${digestOf(Buffer.from('another'))}, the resource says ${sha256}; one of them must change`,
  );
  await expect(readdir(join(folder, 'cache'))).rejects.toThrow('ENOENT');
});

test('credentials of one store are not shown to another', async () => {
  const [store, other] = [await serve(), await serve()];
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  store.files.set('/m.onnx', bytes);
  other.files.set('/m.sig', Buffer.from(sign('sha256', bytes, privateKey).toString('base64')));
  await put('secrets/store/username', 'ann');
  await put('secrets/store/password', 's3cret');
  await put('secrets/cosign/key.pub', publicKey.export({ type: 'spki', format: 'pem' }));
  const signature = { publicKey: { secret: 'cosign', key: 'key.pub' }, uri: `${other.url}/m.sig` };
  expect(await read({ uri: `${store.url}/m.onnx`, secret: 'store', signature })).toBe('a model');
  expect(store.asked).toEqual([{ path: '/m.onnx', authorization: `Basic ${btoa('ann:s3cret')}` }]);
  expect(other.asked).toEqual([{ path: '/m.sig', authorization: undefined }]);
});

test('S3: a request is signed, for the bucket, key and region; without a Secret it is not', async () => {
  const keys = { accessKey: 'AKIA', secretKey: 'very/secret+', region: 'eu-central-1' };
  const server = await serve((request) => request.url?.startsWith('/public') === true || isSigned(request, keys));
  for (const path of ['/models/a b/ü+1.onnx', '/public/m.onnx']) server.files.set(path, bytes);
  const at = { endpoint: server.url, region: keys.region, uri: 's3://models/a b/ü+1.onnx' };
  await put('secrets/s3/accessKey', keys.accessKey);
  await put('secrets/s3/secretKey', 'wrong');
  await expect(read({ ...at, secret: 's3' })).rejects.toThrow('"s3://models/a b/ü+1.onnx" is answered with 403');
  await put('secrets/s3/secretKey', `${keys.secretKey}\n`);
  expect(await read({ ...at, secret: 's3' })).toBe('a model');
  await rm(join(folder, 'cache'), { recursive: true });
  expect(await read({ ...at, uri: 's3://public/m.onnx' })).toBe('a model');
});

test('OCI: the layer with the digest is read from a layout, by its tag', async () => {
  const manifest = JSON.stringify({ layers: [{ digest: `sha256:${'0'.repeat(64)}` }, { digest: `sha256:${sha256}` }] });
  const named = {
    digest: `sha256:${digestOf(Buffer.from(manifest))}`,
    annotations: { 'org.opencontainers.image.ref.name': 'v7' },
  };
  await put(`layout/blobs/sha256/${sha256}`, bytes);
  await put(`layout/blobs/sha256/${digestOf(Buffer.from(manifest))}`, manifest);
  await put('layout/index.json', JSON.stringify({ manifests: [named] }));
  expect(await read({ uri: 'oci:layout:v7' })).toBe('a model');
  expect(await read({ uri: 'oci:layout' })).toBe('a model');
  await expect(read({ uri: 'oci:layout:v8' })).rejects.toThrow('names 0 manifests of the layout, one is needed');
  await put('layout/index.json', '{}');
  await expect(read({ uri: 'oci:layout:v7' })).rejects.toThrow('is no image layout of OCI');
});

test.each([
  ['EC', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'sha256'],
  ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 }), 'sha256'],
  ['Ed25519', () => generateKeyPairSync('ed25519'), null],
])('a signature by a key of %s must be right', async (_, make, digest) => {
  const { privateKey, publicKey } = make();
  await put('model.onnx', bytes);
  await put('model.onnx.sig', sign(digest, bytes, privateKey).toString('base64'));
  await put('secrets/cosign/key.pub', publicKey.export({ type: 'spki', format: 'pem' }));
  const signature = { publicKey: { secret: 'cosign', key: 'key.pub' }, uri: 'model.onnx.sig' };
  expect(await read({ signature })).toBe('a model');
  await put('model.onnx.sig', sign(digest, Buffer.from('another'), privateKey).toString('base64'));
  await expect(read({ signature })).rejects.toThrow('is not that of "model.onnx" by the key in the Secret "cosign"');
  await rm(join(folder, 'model.onnx.sig'));
  await expect(read({ signature })).rejects.toThrow('there is no file "model.onnx.sig"');
});

test('a server that is not there is said so', async () => {
  const server = await startFileServer();
  await server.close();
  await expect(read({ uri: `${server.url}/m.onnx` })).rejects.toThrow('could not be reached ("ECONNREFUSED")');
});

test.each([
  [{ secret: 'none' }, 'the Secret "none" is not there, or has no key'],
  [{ uri: 'pvc://models/m.onnx' }, 'is in a cluster only, a path is needed here'],
  [{ uri: 'ftp://models/m.onnx' }, 'is none of the forms'],
])('%o is refused', async (artifact, problem) => {
  await expect(read(artifact)).rejects.toThrow(problem);
});
