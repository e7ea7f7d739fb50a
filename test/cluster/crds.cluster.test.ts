import { kinds } from '@groundswell/crds';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badObjects } from '../../crds/test/bad-objects.ts';
import { changed } from '../../crds/test/examples.ts';
import { type Api, openApi } from './api.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { applyCrds, dryRun } from './crds.ts';

let plane: ControlPlane;
let api: Api;
beforeAll(async () => {
  plane = await startControlPlane();
  await applyCrds(plane);
  api = await openApi(plane);
});
afterAll(async () => {
  await api.close();
  await plane.stop();
});

describe('the API server', () => {
  test.each(kinds)('takes the schema of $kind without objection', async ({ plural }) => {
    const found = await plane.kubectl('get', 'crd', `${plural}.groundswell.dev`, '-o', 'json');
    const { conditions } = JSON.parse(found).status as { conditions: { type: string; status: string }[] };
    expect(Object.fromEntries(conditions.map(({ type, status }) => [type, status]))).toEqual({
      NamesAccepted: 'True',
      Established: 'True',
    });
  });

  test.each(kinds)('explains the fields of $kind', async ({ plural }) => {
    const explained = await plane.kubectl('explain', `${plural}.spec`);
    expect(explained).toContain('FIELDS:');
    expect(explained).not.toContain('<no description>');
  });

  test.each(kinds)('takes the example of $kind', async ({ kind }) => {
    expect(await dryRun(api, changed(kind))).toMatchObject({ status: 201 });
  });

  test.each(badObjects)('takes a $kind that keeps, and refuses one that breaks: $message', async (row) => {
    const { kind, changes, good = [], at, message } = row;
    expect(await dryRun(api, changed(kind, ...good))).toMatchObject({ status: 201 });
    const { status, body } = await dryRun(api, changed(kind, ...changes));
    expect(status).toBe(422);
    expect(body.message).toContain(message);
    expect(body.message).toContain(at.replace(/\.(\d+)/g, '[$1]'));
  });
});
