import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kinds } from '@groundswell/crds';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { badObjects } from '../../crds/test/bad-objects.ts';
import { changed } from '../../crds/test/examples.ts';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { applyCrds } from '../cluster/crds.ts';
import { type Manifest, root } from './helm.ts';

// What Argo CD and `kubectl apply` in a loop rest on: the same manifests once more change nothing, so that nothing has to
// be ignored.

const filesIn = (folder: string): string =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
    .map((name) => `---\n${readFileSync(join(root, folder, name), 'utf8')}`)
    .join('');

/** For each rule of a kind an object that keeps it, all with names of their own. */
const keeping = (kind: (typeof kinds)[number]['kind']): string =>
  badObjects
    .filter((row) => row.kind === kind)
    .map(({ good = [] }, i) => `---\n${JSON.stringify(changed(kind, ...good, ['metadata.name', `keeps-${i}`]))}\n`)
    .join('');

const examples = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
const folders = [...examples.map(({ name }) => `examples/${name}`), 'charts/argo-cd/sync-waves'];
const written = [
  ...folders.map((what) => ({ what, text: filesIn(what) })),
  { what: 'the cdk8s example', text: readFileSync(join(root, 'cdk8s/src/golden/virality.yaml'), 'utf8') },
  {
    what: 'the compiled golden',
    text: readFileSync(join(root, 'operator/src/children/golden/resources.yaml'), 'utf8'),
  },
  ...kinds.map(({ kind, example }) => ({ what: `the example of ${kind}`, text: example })),
  ...kinds.map(({ kind }) => ({ what: `every ${kind} that keeps a rule`, text: keeping(kind) })),
];

let plane: ControlPlane;
let folder: string;
beforeAll(async () => {
  plane = await startControlPlane();
  await applyCrds(plane);
  folder = mkdtempSync(join(tmpdir(), 'groundswell-apply-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await plane.stop();
});

/** In a namespace of their own. */
const fileOf = async (text: string, namespace: string): Promise<string> => {
  const objects = parseAllDocuments(text).map((document) => document.toJS());
  const items = objects.map((object) => ({ ...object, metadata: { ...object.metadata, namespace } }));
  const file = join(folder, `${namespace}.json`);
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await plane.kubectl('create', 'namespace', namespace);
  return file;
};

/** Name and version of each object, as a command prints them. */
const versions = async (...words: readonly string[]): Promise<readonly string[]> => {
  const printed = JSON.parse(await plane.kubectl(...words, '-o', 'json')) as Manifest & { items?: readonly Manifest[] };
  return (printed.items ?? [printed]).map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`);
};

describe('a second apply shows no difference', () => {
  test.each(written.map((row, i) => ({ ...row, i })))('of $what', async ({ text, i }) => {
    const file = await fileOf(text, `server-${i}`);
    const apply = ['apply', '--server-side'];
    await plane.kubectl(...apply, '-f', file);
    const before = await versions('get', '-f', file);
    // Ends with 1, and prints what differs, when something does.
    expect(await plane.kubectl('diff', '--server-side', '-f', file)).toBe('');
    expect(await versions(...apply, '--dry-run=server', '-f', file)).toEqual(before);
    expect(await versions(...apply, '-f', file)).toEqual(before);
    expect(await versions('get', '-f', file)).toEqual(before);
  });

  test.each(folders.map((what, i) => ({ what, i })))('of $what, applied by the client', async ({ what, i }) => {
    const file = await fileOf(filesIn(what), `client-${i}`);
    await plane.kubectl('apply', '-f', file);
    const before = await versions('get', '-f', file);
    expect(await plane.kubectl('diff', '-f', file)).toBe('');
    await plane.kubectl('apply', '-f', file);
    expect(await versions('get', '-f', file)).toEqual(before);
  });
});
