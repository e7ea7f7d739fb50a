import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { featureWindow, inNamespace, pipeline, scoringModel } from '../operator/resources.ts';
import { startWorld, type World } from '../operator/world.ts';

// What people who know kubectl try first, with the operator at work.

let world: World;
const kubectl = (...words: readonly string[]): Promise<string> => world.plane.kubectl(...words);
beforeAll(async () => {
  world = await startWorld();
  await world.operator();
  await kubectl('create', 'namespace', 'social');
  const resources = [
    pipeline('news'),
    featureWindow('post-10m', 'news'),
    scoringModel('hits', 'news', { window: 'post-10m' }),
  ];
  await world.plane.apply(inNamespace('social', resources));
});
afterAll(() => world?.stop());

/** Rows of a table, each a record by the heads of its columns. */
const table = (text: string): readonly Readonly<Record<string, string>>[] => {
  const [head = '', ...lines] = text.split('\n').filter((line) => line !== '');
  const columns = [...head.matchAll(/\S+(?: \S+)*/g)].map(({ 0: name, index }) => ({ name, index }));
  return lines.map((line) =>
    Object.fromEntries(
      columns.map(({ name, index }, i) => [name, line.slice(index, columns[i + 1]?.index).trim()] as const),
    ),
  );
};

describe('kubectl', () => {
  test('waits for what is Ready', async () => {
    const all = ['vp/news', 'fw/post-10m', 'sm/hits'];
    const said = await kubectl('wait', '--for=condition=Ready', '--timeout=60s', '-n', 'social', ...all);
    expect(said.match(/condition met/g)).toHaveLength(3);
  });

  test('lists all kinds by the category, in all namespaces', async () => {
    const names = (await kubectl('get', 'groundswell', '-A', '-o', 'name')).trim().split('\n');
    expect(names.sort()).toEqual([
      'featurewindow.groundswell.dev/post-10m',
      'scoringmodel.groundswell.dev/hits',
      'viralitypipeline.groundswell.dev/news',
    ]);
    expect(await kubectl('get', 'groundswell', '-A')).toMatch(/^social\s+viralitypipeline.groundswell.dev\/news\s/m);
  });

  test.each([
    { kind: 'vp', row: { NAME: 'news', READY: 'True', SOURCES: '1/1', WINDOWS: '1/1', MODELS: '1/1' } },
    { kind: 'fw', row: { NAME: 'post-10m', READY: 'True', WINDOW: 'hop 10m/10s', PODS: '1' } },
    { kind: 'sm', row: { NAME: 'hits', READY: 'True', PODS: '1' } },
  ])('shows in the columns of $kind whether it is well', async ({ kind, row }) => {
    expect(table(await kubectl('get', kind, '-n', 'social'))).toEqual([expect.objectContaining(row)]);
  });

  test.each([
    { path: 'vp.spec.sources', text: /DESCRIPTION:[\s\S]*jetstream/i },
    { path: 'fw.spec.window.hop.every', text: /DESCRIPTION:[\s\S]*(Recreate|Rolling|Live)\./ },
    { path: 'sm.spec.rollout.steps', text: /gate\s+<Object>/ },
    { path: 'feed.spec.ranking', text: /DESCRIPTION:/ },
    { path: 'rec.spec.candidates', text: /DESCRIPTION:/ },
    { path: 'sm.status.rollout.verdict', text: /labelsNeeded\s+<integer>/ },
  ])('explains $path', async ({ path, text }) => {
    expect(await kubectl('explain', path)).toMatch(text);
  });

  test('scales by the kind itself, and says no to what may not be', async () => {
    const scale = (count: number) => kubectl('scale', 'sm/hits', `--replicas=${count}`, '-n', 'social');
    const wanted = () => kubectl('get', 'sm', 'hits', '-n', 'social', '-o', 'jsonpath={.spec.replicas}');
    expect(await scale(0)).toMatch(/scaled/);
    expect(await wanted()).toBe('0');
    await kubectl(
      'wait',
      '--for=jsonpath={.spec.replicas}=0',
      '--timeout=30s',
      '-n',
      'social',
      'deploy/news-scorer-hits',
    );
    await scale(1);
    await kubectl(
      'wait',
      '--for=jsonpath={.spec.replicas}=1',
      '--timeout=30s',
      '-n',
      'social',
      'deploy/news-scorer-hits',
    );
    await expect(scale(100_000)).rejects.toThrow(/spec.replicas/);
  });

  test('describes what happened to a resource', async () => {
    expect(await kubectl('describe', 'vp/news', '-n', 'social')).toMatch(/Normal\s+AllWell\s/);
  });

  test('hears what is wrong with a change, by the name of the field', async () => {
    const size = '{"spec":{"window":{"hop":{"size":"ten minutes"}}}}';
    const patch = kubectl('patch', 'fw/post-10m', '-n', 'social', '--type=merge', '-p', size);
    await expect(patch).rejects.toThrow(/spec.window.hop.size/);
    const misspelt = world.plane.apply(inNamespace('social', [featureWindow('post-10m', 'news', { windows: {} })]));
    await expect(misspelt).rejects.toThrow(/unknown field "spec.windows"|field not declared in schema/);
  });
});
