import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { ensureProgram } from '../servers/programs.ts';
import { type Helm, type Manifest, startHelm } from './helm.ts';

const run = promisify(execFile);
let helm: Helm;
let objects: readonly Manifest[];
beforeAll(async () => {
  helm = await startHelm();
  const runbooks = 'prometheusRule.runbooks=https://docs.example/runbooks';
  objects = await helm.template('--set', `prometheusRule.enabled=true,dashboards.enabled=true,${runbooks}`);
});
afterAll(() => helm.stop());

test('promtool takes the alert rules of the chart, each with a link to what to do', async () => {
  const rule = objects.find(({ kind }) => kind === 'PrometheusRule') as unknown as { readonly spec: object };
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-rules-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const text = stringify(rule.spec, { lineWidth: 0 });
  await writeFile(join(folder, 'rules.yaml'), text);
  const promtool = ensureProgram('promtool', 'prometheus', 'take it from a release of Prometheus');
  const { stdout } = await run(promtool, ['check', 'rules', join(folder, 'rules.yaml')]);
  expect(stdout).toMatch(/SUCCESS: \d\d rules found/);
  expect(text.match(/runbook_url: https:\/\/docs\.example\/runbooks#groundswell[a-z]+/g)).toHaveLength(
    text.match(/alert: /g)?.length ?? 0,
  );
});

test('each dashboard is a ConfigMap that the sidecar of Grafana finds', () => {
  const maps = objects.filter(({ metadata }) => metadata.name.includes('-dashboard-'));
  expect(maps.map(({ metadata }) => metadata.name.replace(/.*-dashboard-/, ''))).toEqual([
    ...['models', 'operator', 'pipeline', 'windows'],
  ]);
  for (const map of maps as unknown as { data: Record<string, string>; metadata: { labels: object } }[]) {
    expect(map.metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    for (const text of Object.values(map.data)) expect(JSON.parse(text)).toMatchObject({ tags: ['groundswell'] });
  }
});
