import { dirname, join } from 'node:path';
import { annotations } from '@groundswell/crds';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureTool } from '../cluster/build.ts';
import { runWith } from '../cluster/kubectl.ts';
import { featureWindow, inNamespace, pipeline, scoringModel } from '../operator/resources.ts';
import { eventually, startWorld, type World } from '../operator/world.ts';
import { root } from './helm.ts';

// `kubectl groundswell …`, found by kubectl on the PATH, with the operator at work.

const [champion, challenger] = ['a'.repeat(64), 'b'.repeat(64)];
const variants = [
  { name: 'champion', share: 100, artifact: { uri: 'file:///models/a.onnx', sha256: champion } },
  { name: 'challenger', share: 0, artifact: { uri: 'file:///models/b.onnx', sha256: challenger } },
];

let world: World;
let command: string;
const pathBefore = process.env['PATH'];
beforeAll(async () => {
  command = await ensureTool('kubectl');
  process.env['PATH'] = [join(root, 'runtimes/local/bin'), dirname(command), pathBefore].join(':');
  world = await startWorld();
  await world.operator();
  await world.plane.kubectl('create', 'namespace', 'social');
  const rollout = { champion: 'champion', challenger: 'challenger', steps: [{ pause: {} }] };
  const resources = [
    pipeline('news'),
    featureWindow('post-10m', 'news'),
    scoringModel('hits', 'news', { window: 'post-10m' }),
    scoringModel('moving', 'news', { window: 'post-10m', variants, rollout }),
  ];
  await world.plane.apply(inNamespace('social', resources));
  await world.plane.kubectl('wait', '--for=condition=Ready', '--timeout=60s', '-n', 'social', 'fw/post-10m', 'sm/hits');
});
afterAll(async () => {
  process.env['PATH'] = pathBefore;
  await world?.stop();
});

const plugin = (...words: readonly string[]): Promise<string> =>
  runWith({ command, kubeconfig: world.plane.kubeconfig }, ['groundswell', ...words]);
const seen = async (what: string, path: string): Promise<string> =>
  world.plane.kubectl('get', what, '-n', 'social', '-o', `jsonpath=${path}`);
const annotation = (name: string): string => `{.metadata.annotations.${name.replaceAll('.', '\\.')}}`;

describe('kubectl groundswell', () => {
  test('top shows all resources with their pods', async () => {
    const lines = (await plugin('top', '-A')).split('\n');
    expect(lines[0]).toMatch(/^NAMESPACE +RESOURCE +READY +PODS +RATE\/S +BEHIND +WHAT$/);
    expect(lines).toContainEqual(expect.stringMatching(/^social +fw\/post-10m +True +1\/1 .*hop 10m\/10s/));
    expect(lines).toContainEqual(expect.stringMatching(/^social +sm\/hits +True +1\/1/));
    expect(await plugin('top', '-n', 'default')).toMatch(/^No resources of Groundswell here/);
  });

  test('explain says why a resource is as it is, with its Events', async () => {
    expect(await plugin('explain', 'vp/news', 'fw/post-10m', '-n', 'social')).toMatch(
      /ViralityPipeline "news" is [\s\S]*Newest Events:\n[\s\S]*FeatureWindow "post-10m" is Ready, Running/,
    );
  });

  test('why-scaled says who decides about the pods', async () => {
    expect(await plugin('why-scaled', 'sm/hits', '-n', 'social')).toBe(
      'ScoringModel "hits" has 1 of 1 pods: spec.replicas says 1, by default, and there is no spec.autoscaling\n',
    );
  });

  test('pause stops the pods of a resource, and resume starts them', async () => {
    const replicas = () => seen('deploy/news-window-post-10m', '{.spec.replicas}');
    expect(await plugin('pause', 'fw/post-10m', '-n', 'social')).toMatch(/asked for its pods to stop/);
    await eventually('there are no pods', replicas, { isSo: (count) => count === '0' });
    expect(await plugin('why-scaled', 'fw/post-10m', '-n', 'social')).toMatch(/it is suspended/);
    await plugin('resume', 'fw/post-10m', '-n', 'social');
    await eventually('there is a pod', replicas, { isSo: (count) => count === '1' });
  });

  test('promote and abort reach the program of the rollout', async () => {
    const program = () =>
      seen('cm', `{range .items[?(@.metadata.labels.groundswell\\.dev/program=="rollout-moving")]}{.data}{end}`);
    await eventually('the rollout runs', program, { isSo: (text) => text.includes('rollout-moving') });
    expect(await plugin('promote', 'sm/moving', '-n', 'social')).toMatch(/asked for bbbbbbbbbbbb to pass/);
    const word = await seen('sm/moving', annotation(annotations.promote));
    expect(word).toMatch(new RegExp(`^${challenger}@`));
    await eventually('it has the word', program, { isSo: (text) => text.includes(word) });
    expect(await plugin('abort', 'sm/moving', '-n', 'social')).toMatch(/given up/);
    expect(await seen('sm/moving', annotation(annotations.abort))).toBe(challenger);
    await eventually('it has the other word', program, { isSo: (text) => /"abort\\*":\s*true/.test(text) });
  });

  test.each([
    { words: ['promote', 'sm/hits'], message: /Cannot promote ScoringModel "hits": it has no rollout/ },
    { words: ['abort', 'fw/post-10m'], message: /only models have rollouts/ },
    { words: ['pause', 'deploy/news-api'], message: /it is a Deployment, a resource of groundswell.dev is needed/ },
    { words: ['explain', 'post-10m'], message: /it names no kind, write it as in fw\/post-10m/ },
    { words: ['explain', 'fw/none'], message: /featurewindows.groundswell.dev "none" not found/ },
  ])('refuses $words with a sentence', async ({ words, message }) => {
    await expect(plugin(...words, '-n', 'social')).rejects.toThrow(message);
  });
});
