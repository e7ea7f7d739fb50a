import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pipelineYaml, windowYaml } from './resources.ts';
import { folderOf, runCli } from './run-cli.ts';

test('what a run could not use is listed from its folder, and given back once it is corrected', async () => {
  const folder = await folderOf({
    'p.yaml': pipelineYaml({ onBadRow: 'DeadLetter' }),
    'w.yaml': windowYaml(),
    'events.csv': 'cascade,user,second,first\nc,u1,1,true\nc,u2,when?,false\nc,u3,3,false\n',
    'corrected.json': JSON.stringify({
      ...{ id: 'c/u2', type: 'repost', at: 2_000, ingested_at: 0, source: 'file' },
      ...{ post_id: 'c', user_id: 'u2', author_id: 'u1' },
    }),
  });
  const state = join(folder, 'state');
  const place = ['-f', folder, '--data-dir', state] as const;
  const ran = await runCli('up', ...place, '--data', folder, '--port', '0', '--exit-when-done');
  expect(ran.code, ran.stderr).toBe(0);
  const listed = await runCli('deadletters', 'list', ...place, '-o', 'json');
  const [letter] = JSON.parse(listed.stdout) as readonly { readonly id: string; readonly group: string }[];
  expect(letter).toMatchObject({ group: 'ingest-file', replayedAt: null });
  const kept = await runCli('deadletters', 'replay', letter?.id ?? '', ...place);
  expect([kept.code, kept.stdout]).toEqual([1, expect.stringContaining('kept: what came from')]);
  const corrected = join(folder, 'corrected.json');
  const given = await runCli('deadletters', 'replay', letter?.id ?? '', '--value', corrected, ...place);
  expect([given.code, given.stdout]).toEqual([0, `${letter?.id}  given to small.events\n`]);
  expect((await runCli('deadletters', 'list', ...place)).stdout).toBe('No dead letters\n');
}, 60_000);
