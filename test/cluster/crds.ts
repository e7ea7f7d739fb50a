import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { apiVersion, group, kinds } from '@groundswell/crds';
import type { Answer, Api } from './api.ts';
import type { ControlPlane } from './contract.ts';

const crdFolder = join(import.meta.dirname, '..', '..', 'crds', 'yaml');

/** Applies all CRDs of ours; resolves when their kinds can be used. */
export const applyCrds = async ({ kubectl }: Pick<ControlPlane, 'kubectl'>): Promise<void> => {
  await kubectl('apply', '--server-side', '-f', crdFolder);
  await kubectl('wait', '--for=condition=Established', '--timeout=60s', '-f', crdFolder);
  // The kinds can be discovered a moment after they are established.
  const deadline = performance.now() + 30_000;
  while ((await kubectl('api-resources', `--api-group=${group}`, '--no-headers')).split('\n').length <= kinds.length) {
    if (performance.now() > deadline) throw new Error('Cannot use the CRDs: the API server does not list their kinds');
    await wait(100);
  }
};

/** What the API server says of an object of ours, which it checks and does not store. */
export const dryRun = (api: Api, written: Readonly<Record<string, unknown>>): Promise<Answer> => {
  const plural = kinds.find(({ kind }) => kind === written['kind'])?.plural;
  // Strict, as kubectl asks for: an unknown field is refused and not dropped.
  const query = 'dryRun=All&fieldValidation=Strict';
  return api.request('POST', `/apis/${apiVersion}/namespaces/default/${plural}?${query}`, written);
};
