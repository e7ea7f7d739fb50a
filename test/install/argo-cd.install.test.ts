import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ensureArgoLua } from './argo/build.ts';
import { root } from './helm.ts';

// Tests in the form of Argo CD's own (resource_customizations of its repository), run by its own code.

const folder = join(root, 'charts/argo-cd/customizations');
const yaml = <T>(...path: readonly string[]): T => parse(readFileSync(join(folder, ...path), 'utf8')) as T;

interface HealthTests {
  readonly tests: readonly { readonly inputPath: string; readonly healthStatus: object }[];
}
interface ActionTests {
  readonly discoveryTests: readonly { readonly inputPath: string; readonly result: readonly object[] }[];
  readonly actionTests: readonly {
    readonly action: string;
    readonly inputPath: string;
    readonly expectedOutputPath?: string;
    readonly expectedErrorMessage?: string;
  }[];
}
const { tests: healthTests } = yaml<HealthTests>('health_test.yaml');
const { discoveryTests, actionTests } = yaml<ActionTests>('actions/action_test.yaml');

/** What an administrator gives to Argo CD. */
const overridesOf = (configMap: { data: Readonly<Record<string, string>> }) => {
  const overrides: Record<string, Record<string, string>> = {};
  for (const [key, text] of Object.entries(configMap.data)) {
    const [, what = '', group = '', kind = ''] = /^resource\.customizations\.(\w+)\.([^_]+)_(\w+)$/.exec(key) ?? [];
    const override = overrides[`${group}/${kind}`] ?? {};
    overrides[`${group}/${kind}`] = { ...override, [what]: text };
  }
  return overrides;
};
const overrides = overridesOf(parse(readFileSync(join(root, 'charts/argo-cd/argocd-cm.yaml'), 'utf8')));

let program = '';
beforeAll(async () => {
  program = await ensureArgoLua();
});

/** `run`: health, discovery, or the name of an action. */
const argoCd = (run: string, path: string): { value?: unknown; error?: string } => {
  const object = yaml(path);
  const input = JSON.stringify({ overrides, cases: [{ run, object }] });
  const { stdout, stderr } = spawnSync(program, { input, encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout)[0];
};

describe('the health of', () => {
  test.each(healthTests)('$inputPath is $healthStatus.status', ({ inputPath, healthStatus }) => {
    expect(argoCd('health', inputPath)).toEqual({ value: healthStatus });
  });

  test('every kind is known to Argo CD, and tested', () => {
    const kinds = healthTests.map(({ inputPath }) => `groundswell.dev/${yaml<{ kind: string }>(inputPath).kind}`);
    expect(Object.keys(overrides).sort()).toEqual([...new Set(kinds)].sort());
  });
});

const inActions = (path: string): string => join(dirname('actions/action_test.yaml'), path);

describe('the actions', () => {
  test.each(discoveryTests)('on $inputPath are those that make sense', ({ inputPath, result }) => {
    const { value, error } = argoCd('discovery', inActions(inputPath));
    expect(error).toBeUndefined();
    const byName = (a: object, b: object) => JSON.stringify(a).localeCompare(JSON.stringify(b));
    const found = (value as Record<string, unknown>[]).map(({ name, disabled = false, iconClass }) => ({
      name,
      disabled,
      iconClass,
    }));
    expect(found.sort(byName)).toEqual([...result].sort(byName));
  });

  test.each(actionTests)('$action does what it should to $inputPath', (row) => {
    const { value, error } = argoCd(row.action, inActions(row.inputPath));
    expect(error).toEqual(row.expectedErrorMessage);
    if (row.expectedOutputPath === undefined) return;
    expect(value).toEqual([{ operation: 'patch', resource: yaml(inActions(row.expectedOutputPath)) }]);
  });
});
