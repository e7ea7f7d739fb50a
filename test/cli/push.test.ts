import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createTracker } from '@groundswell/track';
import { afterEach, expect, test } from 'vitest';
import { windowYaml } from './resources.ts';
import { folderOf, type Started, startCli } from './run-cli.ts';

const pipeline = `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: small }
spec:
  sources:
    - name: site
      http: { apiKeysRef: { name: site, key: keys } }
  api: {}
`;
const event = { type: 'repost', post_id: 'p', user_id: 'ann', author_id: 'bob' };

let started: Started | undefined;
afterEach(() => started?.child.kill('SIGKILL'));

const up = async (folder: string, state: string): Promise<string> => {
  started = startCli(['up', '-f', folder, '--port', '0', '--data-dir', state]);
  const found = () => /Events are taken at (\S+)/.exec(started?.texts.stdout ?? '')?.[1];
  while (found() === undefined) await wait(20);
  return found() ?? '';
};
const push = async (url: string) => {
  const headers = { 'x-api-key': 'key-1', 'idempotency-key': 'once', 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', body: JSON.stringify(event), headers })).json();
};

test('an event that was accepted outlasts kill -9, counts once when it is sent again, and sites have a client for it', async () => {
  const folder = await folderOf({ 'p.yaml': pipeline, 'w.yaml': windowYaml() });
  await mkdir(join(folder, 'secrets', 'site'), { recursive: true });
  await writeFile(join(folder, 'secrets', 'site', 'keys'), 'key-1\n');
  const state = await mkdtemp(join(tmpdir(), 'groundswell-push-'));
  const url = await up(folder, state);
  expect(await push(url)).toEqual({ accepted: 1, duplicates: 0, refused: 0 });
  started?.child.kill('SIGKILL');
  await started?.ended;
  const again = await up(folder, state);
  expect(await push(again)).toEqual({ accepted: 0, duplicates: 1, refused: 0 });
  // As the client for sites does it.
  const lost: string[] = [];
  const tracker = createTracker({ url: again, key: 'key-1', onLost: (_, why) => lost.push(why) });
  tracker.track('ann', 'shoes-42', 'click');
  await tracker.close();
  expect(lost).toEqual([]);
  expect(await (await fetch(new URL('/v1/status', again))).json()).toMatchObject({ events: 2 });
});
